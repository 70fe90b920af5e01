// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import SPIFFE
import Testing

/// `comity federation manifest`: the object for a partner, from what the partner has.
@Suite(.serialized) struct FederationManifestTests {
    private static func manifest(_ flags: String..., input: String = "") async throws -> ToolCommand.Result {
        try await ToolCommand.run(BuiltExecutable.path, ["federation", "manifest"] + flags, input: input)
    }

    private static func object(_ result: ToolCommand.Result) async throws -> KubernetesObject {
        try #require(try await KubernetesObject.read(try result.check().output).first)
    }

    @Test("S57: a bundle from a server's command becomes an object whose text another server takes")
    func writesWhatAnotherServerTakes() async throws {
        let (one, two) = (try Deployment("one.test"), try Deployment("two_2.test"))
        try one.writeServerConfiguration()
        try two.writeServerConfiguration()
        let servers = (try await one.startServer(), try await two.startServer())
        defer { withExtendedLifetime(servers) {} }
        let shown = try await two.server("bundle", "show", "-format", "spiffe").check().output

        let written = try await Self.manifest(
            "--from", "-", "-trustDomain", "two_2.test", "-bundleEndpointURL", two.bundleEndpointURL,
            "-endpointSpiffeID", "spiffe://two_2.test/spire/server", "-className", "mine", input: shown)
        let object = try await Self.object(written)
        #expect(object.kind == "ClusterFederatedTrustDomain" && object.name == "two-2.test")
        #expect(object["spec", "trustDomain"]?.string == "two_2.test")
        #expect(object["spec", "className"]?.string == "mine")
        #expect(object["spec", "bundleEndpointURL"]?.string == two.bundleEndpointURL)
        #expect(object["spec", "bundleEndpointProfile", "type"]?.string == "https_spiffe")
        #expect(
            object["spec", "bundleEndpointProfile", "endpointSPIFFEID"]?.string == "spiffe://two_2.test/spire/server")
        // The text stays readable, and indented otherwise by whoever splices it, it is the same.
        #expect(written.output.contains("  trustDomainBundle: |\n    {\n"))
        let text = try #require(object["spec", "trustDomainBundle"]?.string)
        let spliced = "        " + text.replacing("\n", with: "\n        ") + "\n\n"
        for text in [text, spliced] {
            let set = try await one.server("bundle", "set", "-format", "spiffe", "-id", "two_2.test", input: text)
            #expect(try set.check().output == "bundle set.\n")
        }
        let judged = try await PythonClient.answer(
            [[String]].self, "custom_resources.py", PackageFolder.path("Deploy/Kubernetes/crds"), "admit",
            input: "[\(String(decoding: object.json.bytes(), as: UTF8.self))]")
        #expect(judged == [[]])
    }

    @Test("an endpoint that is asked for the first time is believed loudly, with fingerprints that openssl prints too")
    func firstUseIsNotSilent() async throws {
        let two = try Deployment("two.test")
        try two.writeServerConfiguration()
        let server = try await two.startServer()
        defer { withExtendedLifetime(server) {} }

        let written = try await Self.manifest("--from", two.bundleEndpointURL, "-name", "partner")
        let object = try await Self.object(written)
        #expect(object.name == "partner")
        #expect(object["spec", "trustDomain"]?.string == "two.test")
        #expect(object["spec", "bundleEndpointURL"]?.string == two.bundleEndpointURL)
        #expect(object["spec", "bundleEndpointProfile", "endpointSPIFFEID"]?.string == "spiffe://two.test/spire/server")
        let pem = try await two.server("bundle", "show").check().output
        let printed = try await ToolCommand.run("openssl", ["x509", "-noout", "-fingerprint", "-sha256"], input: pem)
        let fingerprint = try #require(
            try printed.check().output.split(separator: "=").last?.trimmingCharacters(in: .whitespacesAndNewlines))
        #expect(written.errors.contains("x509 SHA-256 \(fingerprint) until "))
        #expect(written.errors.contains("warning: nothing but the endpoint's own word"))
        #expect(written.output.contains("#   x509 SHA-256 \(fingerprint) until "))
        #expect(written.output.contains("# Nothing but the endpoint's own word"))
        try pem.write(toFile: two.folder.path("two.pem"), atomically: true, encoding: .utf8)
        let inspected = try await two.command("comity", ["inspect", "bundle", "two.pem"])
        #expect(try inspected.check().output.contains(fingerprint))
    }

    @Test("an endpoint that contradicts itself or the operator is refused, and nothing is written")
    func refusesContradictions() async throws {
        let (right, wrong) = (try TestCA("two.test"), try TestCA("two.test"))
        let (own, foreign) = (
            String(decoding: try right.bundle.document(), as: UTF8.self),
            String(decoding: try wrong.bundle.document(), as: UTF8.self)
        )
        let identity = try right.leaf("/spire/server")
        let script: ScriptedEndpoint.Script = { target in
            switch target {
            case "/own": [.document(own)]
            case "/foreign": [.document(foreign)]
            case "/empty": [.document("{\"keys\": []}")]
            default: [.redirect(to: "/own")]
            }
        }
        try await ScriptedEndpoint.with(identity, script) { endpoint in
            _ = try await Self.manifest("--from", endpoint.url + "/own").check()
            let refusals: [([String], String)] = [
                (["/foreign"], "the endpoint's own certificate is not of the bundle that it serves"),
                (["/moved"], "endpoint redirects to \"/own\": ask there"),
                (
                    ["/own", "-endpointSpiffeID", "spiffe://two.test/other"],
                    "presents spiffe://two.test/spire/server, not"
                ),
                (["/own", "-bundleEndpointProfile", "https_web", "-trustDomain", "two.test"], "certificate"),
                (["/own", "-bundleEndpointProfile", "https_web"], "does not say whose it is"),
                (["/own", "-bundleEndpointProfile", "web"], "unknown bundle endpoint profile type"),
            ]
            for (words, reason) in refusals {
                let result = try await ToolCommand.run(
                    BuiltExecutable.path,
                    ["federation", "manifest", "--from", endpoint.url + words[0]] + words.dropFirst())
                #expect(result.exitCode != 0 && result.output.isEmpty, "\(words)")
                #expect(result.errors.contains(reason), "\(words): \(result.errors)")
            }
        }
    }

    @Test(
        "C7 C8: the server API's layout says whose it is; a text that is missing or says nothing is refused with the cure"
    )
    func readsTexts() async throws {
        let bundle = try TestCA("two.test").bundle
        let certificate = Base64.standard.encode(bundle.x509Authorities[0].derBytes)
        let proto = #"{"trust_domain": "two.test", "x509_authorities": [{"asn1": "\#(certificate)"}]}"#
        let folder = try TemporaryFolder()
        try proto.write(toFile: folder.path("two.json"), atomically: true, encoding: .utf8)
        let written = try await Self.manifest("--from", folder.path("two.json"))
        let object = try await Self.object(written)
        #expect(object["spec", "trustDomain"]?.string == "two.test")
        #expect(object["spec", "bundleEndpointURL"] == nil)
        #expect(object["spec", "trustDomainBundle"]?.string?.contains("\"keys\"") == true)
        #expect(written.errors.contains("warning: nothing will refresh this bundle"))

        let empty = try await Self.manifest("--from", "-", "-trustDomain", "two.test", input: "\n")
        #expect(empty.exitCode == 64 && empty.errors.contains("empty bundle on stdin (did you forget -i?)"))
        let pem = try await Self.manifest("--from", "-", input: bundle.pem)
        #expect(pem.exitCode == 64 && pem.errors.contains("hint: name the trust domain by -trustDomain"))
        let other = try await Self.manifest("--from", folder.path("two.json"), "-trustDomain", "three.test")
        #expect(other.exitCode == 64 && other.output.isEmpty)
        let incomplete = try await Self.manifest(
            "--from", folder.path("two.json"), "-bundleEndpointURL", "https://two.test", "-bundleEndpointProfile",
            "https_spiffe")
        #expect(incomplete.exitCode == 64 && incomplete.errors.contains("spiffe://two.test/spire/server"))
    }
}
