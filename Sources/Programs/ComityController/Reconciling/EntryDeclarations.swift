// SPDX-License-Identifier: Apache-2.0

package import ComityResources
package import SPIFFE

/// Where entries are declared: a folder or a cluster.
package protocol EntryDeclarations: Sendable {
    /// Brings what is declared now into the ledger.
    mutating func declare(in ledger: inout EntryLedger) -> EntryReading
    /// What became of each object.
    ///
    /// - Parameter bundles: Foreign trust domains whose bundles the server has.
    func outcomes(_ ledger: EntryLedger, bundles: Set<TrustDomain>) -> EntryOutcomes
}
