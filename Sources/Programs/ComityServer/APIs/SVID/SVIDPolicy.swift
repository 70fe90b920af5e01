// SPDX-License-Identifier: Apache-2.0

package import ComityAuthority
package import ComityWire
package import FoundationEssentials
import GRPCCore

/// What the operator decided about all SVIDs.
package struct SVIDPolicy: Hashable, Sendable {
    package var lifetimes: SVIDLifetimes
    /// Seconds that CAs live, those of servers below too.
    package var authorityTTL: TimeInterval
    /// Workloads get an identifier made from their SPIFFE ID in the subject of their X509-SVIDs.
    package var addsUniqueID: Bool
    package var disablesJWTSVIDs: Bool

    package init(
        lifetimes: SVIDLifetimes = SVIDLifetimes(), authorityTTL: TimeInterval = 86400, addsUniqueID: Bool = false,
        disablesJWTSVIDs: Bool = false
    ) {
        self.lifetimes = lifetimes
        self.authorityTTL = authorityTTL
        self.addsUniqueID = addsUniqueID
        self.disablesJWTSVIDs = disablesJWTSVIDs
    }

    /// Refuses what needs a JWT key when the server has none.
    package func requireJWT() throws(APIError) {
        guard !disablesJWTSVIDs else { throw APIError(.unimplemented, "JWT functionality is disabled") }
    }
}
