// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import SPIFFE

/// Everything one workload is entitled to at one moment. Always complete: what is absent is withdrawn.
package struct WorkloadUpdate: Hashable, Sendable {
    package struct Identity: Hashable, Sendable {
        package var entry: Entry
        /// `nil` while it is not signed.
        package var svid: WorkloadSVID?
        /// The server refused to sign it when last asked.
        package var isRefused = false

        package init(entry: Entry, svid: WorkloadSVID?, isRefused: Bool = false) {
            self.entry = entry
            self.svid = svid
            self.isRefused = isRefused
        }
    }

    /// In the order of entry IDs, so that the first is the default identity. No two share a hint.
    package var identities: [Identity]
    /// Left out because an older entry has the same hint (decision D-29).
    package var ignoredEntryIDs: [String]
    package var bundle: SPIFFEBundle
    /// Of the trust domains that the entries federate with, as far as they are known.
    package var federatedBundles: BundleSet

    /// The identities to hand out with their X509-SVIDs, or `nil` while it is better to wait for signatures.
    ///
    /// One that the server refuses to sign does not hold up the others.
    package var signedIdentities: [Identity]? {
        let signed = identities.filter { $0.svid != nil }
        let awaitsNothing = identities.allSatisfy { $0.svid != nil || $0.isRefused }
        return awaitsNothing && signed.isEmpty == identities.isEmpty ? signed : nil
    }

    /// - Parameter candidates: All identities of the workload, in the order of entry IDs.
    package init(candidates: [Identity], bundle: SPIFFEBundle, bundles: BundleSet) {
        var keepers: [String: Entry] = [:]
        for entry in candidates.map(\.entry) where !entry.hint.isEmpty {
            guard let keeper = keepers[entry.hint] else {
                keepers[entry.hint] = entry
                continue
            }
            if (entry.createdAt, entry.id) < (keeper.createdAt, keeper.id) { keepers[entry.hint] = entry }
        }
        let isKept = { (entry: Entry) in entry.hint.isEmpty || keepers[entry.hint]?.id == entry.id }
        identities = candidates.filter { isKept($0.entry) }
        ignoredEntryIDs = candidates.map(\.entry).filter { !isKept($0) }.map(\.id)
        self.bundle = bundle
        federatedBundles = BundleSet(candidates.flatMap { $0.entry.federatesWith.compactMap { bundles[$0] } })
        federatedBundles[bundle.trustDomain] = nil
    }
}
