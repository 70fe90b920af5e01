// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import Testing

/// What the bundle endpoint of a running server tells its partners.
@Suite struct PublishedBundleTests {
    @Test("BUNDLE-05, BUNDLE-09: the document has its sequence, which grows with the keys, and its refresh hint")
    func hasSequenceAndRefreshHint() async throws {
        let domain = try Deployment("one.test")
        try domain.writeServerConfiguration(bundleEndpoint: "refresh_hint = \"2m\"")
        let server = try await domain.startServer()
        defer { withExtendedLifetime(server) {} }

        let first = try await published(by: domain)
        try await domain.server("localauthority", "x509", "prepare").check()
        let second = try await published(by: domain)

        #expect(first["spiffe_refresh_hint"] as? Int == 120)
        #expect(second["spiffe_refresh_hint"] as? Int == 120)
        let sequences = [first, second].compactMap { $0["spiffe_sequence"] as? Int }
        #expect(sequences.count == 2)
        #expect(sequences[0] < sequences[1])
    }

    private func published(by domain: Deployment) async throws -> [String: Any] {
        let document = try await ToolCommand.run("curl", ["-sk", domain.bundleEndpointURL]).check().output
        return try #require(try JSONSerialization.jsonObject(with: Data(document.utf8)) as? [String: Any])
    }
}
