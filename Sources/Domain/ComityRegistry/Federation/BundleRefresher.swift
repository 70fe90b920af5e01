// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

/// Fetches a partner's bundle when an operator asks for it.
package protocol BundleRefresher: Sendable {
    /// Fetches, judges and stores the bundle of a partner now.
    ///
    /// - Throws: ``RegistryError`` with code `notFound` when there is no relationship with the trust domain, else why
    ///   the bundle could not be had.
    func refreshBundle(of trustDomain: TrustDomain) async throws
}
