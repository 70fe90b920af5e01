// SPDX-License-Identifier: Apache-2.0

package import ComityResources

/// Where entries are declared: a folder or a cluster.
package protocol EntryDeclarations: Sendable {
    /// Brings what is declared now into the ledger.
    mutating func declare(in ledger: inout EntryLedger) -> EntryReading
}
