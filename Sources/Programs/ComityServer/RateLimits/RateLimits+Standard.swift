// SPDX-License-Identifier: Apache-2.0

extension RateLimits {
    /// The method whose calls count by the items that they ask for; its handler takes them.
    package static let itemCountedMethods: Set<String> = [
        "/spire.api.server.svid.v1.SVID/BatchNewX509SVID", "/spire.api.server.svid.v1.SVID/BatchNewWITSVID",
    ]

    private static let signingMethods = [
        "/spire.api.server.agent.v1.Agent/RenewAgent", "/spire.api.server.svid.v1.SVID/BatchNewX509SVID",
        "/spire.api.server.svid.v1.SVID/NewJWTSVID", "/spire.api.server.svid.v1.SVID/NewDownstreamX509CA",
        "/spire.api.server.svid.v1.SVID/BatchNewWITSVID",
    ]

    /// SPIRE's limits.
    ///
    /// - Parameters:
    ///   - attestation: `ratelimit.attestation`
    ///   - signing: `ratelimit.signing`
    package static func standard(attestation: Bool, signing: Bool) -> RateLimits {
        var rates = [
            "/spire.api.server.bundle.v1.Bundle/PublishJWTAuthority": 500,
            "/spire.api.server.agent.v1.Agent/PostStatus": 10,
        ]
        if attestation {
            rates["/spire.api.server.agent.v1.Agent/AttestAgent"] = 1
        }
        if signing {
            for method in signingMethods { rates[method] = 500 }
        }
        return RateLimits(rates: rates)
    }
}
