// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import Testing

/// How an operator carries bundles from one trust domain to another by hand.
@Suite struct BundleCommandTests {
    @Test("S5 S22 S56: bundle show prints nothing but the bundle document")
    func showsTheDocument() async throws {
        let domain = try Deployment("one.test")
        try domain.writeServerConfiguration()
        let server = try await domain.startServer()
        defer { withExtendedLifetime(server) {} }

        let shown = try await domain.server("bundle", "show", "-format", "spiffe").check()

        #expect(shown.errors.isEmpty)
        #expect(shown.output.hasPrefix("{\n    \"keys\": [\n"))
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(shown.output.utf8)) as? [String: Any])
        let keys = try #require(document["keys"] as? [[String: Any]])
        #expect(Set(keys.compactMap { $0["use"] as? String }) == ["x509-svid", "jwt-svid"])
        #expect(document["spiffe_sequence"] is Int)
    }

    @Test("S6 S28 S68: bundle set stores what bundle show printed, under a name or an ID")
    func storesWhatWasShown() async throws {
        let (one, two) = (try Deployment("one.test"), try Deployment("two.test"))
        try one.writeServerConfiguration()
        try two.writeServerConfiguration()
        async let starting = one.startServer()
        let (second, first) = (try await two.startServer(), try await starting)
        defer { withExtendedLifetime((first, second)) {} }
        let document = try await two.server("bundle", "show", "-format", "spiffe").check().output
        try document.write(toFile: one.folder.path("two.anything"), atomically: true, encoding: .utf8)

        let byName = try await one.server("bundle", "set", "-format", "spiffe", "-id", "two.test", input: document)
        let byID = try await one.server(
            "bundle", "set", "-format", "spiffe", "-id", "spiffe://two.test", "-path", "two.anything")
        let listed = try await one.server("bundle", "list").check()

        #expect(try byName.check().output == "bundle set.\n")
        #expect(try byID.check().output == "bundle set.\n")
        #expect(listed.output.contains("* two.test\n"))
        let certificate = try await two.server("bundle", "show").check().output
        #expect(listed.output.contains(certificate.trimmingCharacters(in: .newlines)))
    }
}
