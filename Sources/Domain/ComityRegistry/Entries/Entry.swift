// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import SPIFFE

/// A registration entry: who has these selectors, under this parent, may have this SPIFFE ID.
package struct Entry: Hashable, Sendable {
    /// Empty until the store has named it.
    package var id: String
    package var spiffeID: SPIFFEID
    package var parentID: SPIFFEID
    package var selectors: Set<Selector>
    /// Seconds; 0 stands for the server's default at signing time.
    package var x509SVIDTTL: Int32 = 0
    /// Seconds; 0 stands for the server's default at signing time.
    package var jwtSVIDTTL: Int32 = 0
    /// Foreign trust domains whose bundles the workload gets. A bundle may be missing yet.
    package var federatesWith: Set<TrustDomain> = []
    package var isAdmin = false
    package var isDownstream = false
    /// When the entry is pruned; `nil` stands for never.
    package var expiresAt: Date?
    /// In the order given: the first becomes the common name.
    package var dnsNames: [String] = []
    /// 0 when created, one more with every update.
    package var revisionNumber: Int64 = 0
    package var storesSVID = false
    package var hint = ""
    /// Whole seconds; set by the store.
    package var createdAt = Date(timeIntervalSince1970: 0)
    package var disablesX509SVIDPrefetch = false
    package var includesJTIInJWTSVID = false

    package init(id: String = "", spiffeID: SPIFFEID, parentID: SPIFFEID, selectors: Set<Selector>) {
        self.id = id
        self.spiffeID = spiffeID
        self.parentID = parentID
        self.selectors = selectors
    }
}
