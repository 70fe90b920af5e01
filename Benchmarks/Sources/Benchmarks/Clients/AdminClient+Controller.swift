// SPDX-License-Identifier: Apache-2.0

import GRPCCore
import ServerAPIProtos
import SwiftProtobuf

/// What tells how far a controller is.
extension AdminClient {
    func countEntries() async throws -> Int {
        Int(try await entries.countEntries(.init()).count)
    }

    func hasEntry(path: String) async throws -> Bool {
        try await !entries.listEntries(.with { $0.filter.bySpiffeID = .inDomain(path) }).entries.isEmpty
    }

    /// The endpoint of each foreign trust domain.
    func relationshipURLs() async throws -> [String: String] {
        let trustDomains = Spire_Api_Server_Trustdomain_V1_TrustDomain.Client(wrapping: client)
        let response = try await trustDomains.listFederationRelationships(.init())
        return Dictionary(
            response.federationRelationships.map { ($0.trustDomain, $0.bundleEndpointURL) },
            uniquingKeysWith: { first, _ in first })
    }
}
