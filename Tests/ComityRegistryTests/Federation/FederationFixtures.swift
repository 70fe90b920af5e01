// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTesting
import FoundationEssentials
import SPIFFE

let start = Date(timeIntervalSince1970: 1_800_000_000)

func trustDomain(_ name: String) throws -> TrustDomain {
    try TrustDomain(name)
}

func relationship(_ name: String, url: String? = nil, servedBy server: String? = nil) throws -> FederationRelationship {
    let endpointID = try SPIFFEID("spiffe://\(server ?? name)/spire/server")
    return FederationRelationship(
        trustDomain: try TrustDomain(name), bundleEndpointURL: url ?? "https://\(name):8443",
        profile: .httpsSPIFFE(endpointID: endpointID))
}

/// A bundle whose content differs with the key IDs.
func bundle(
    _ name: String, keys: [String] = ["a"], sequence: UInt64? = nil, hint: Int64? = nil
) throws -> SPIFFEBundle {
    try .fixture(of: try TrustDomain(name), keys: keys, sequence: sequence, hint: hint)
}

let refused = FederationFailure(.connect, "connection refused")

extension Date {
    func adding(_ seconds: TimeInterval) -> Date { addingTimeInterval(seconds) }
}
