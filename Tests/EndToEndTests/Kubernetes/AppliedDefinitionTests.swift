// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FakeKubernetes
import Foundation
import SPIFFE
import Testing

/// The definitions in an API server, and what kubectl makes of them.
@Suite(.serialized) struct AppliedDefinitionTests {
    private static func object(_ example: CustomResourceCase, _ name: String) throws -> JSONValue {
        var object = try #require(try KubernetesObject.parse(example.json).first?.json.object)
        object["apiVersion"] = "spire.spiffe.io/v1alpha1"
        object["metadata"] = ["name": .string(name)]
        return .object(object)
    }

    @Test("the definitions are applied by client and by server, and every object that upstream accepts is taken")
    func acceptedObjectsAreTaken() async throws {
        let kubernetes = try await KubernetesFixture.start()
        try await kubernetes.installCustomResources()
        try await kubernetes.kubectl(
            "apply", "--server-side", "--force-conflicts", "-k", PackageFolder.path("Deploy/Kubernetes/crds")
        ).check()
        let cases = CustomResourceCase.acceptedUpstream + CustomResourceCase.acceptedHere
        let items = try cases.enumerated().map { try Self.object($0.element, "case-\($0.offset)-\(kubernetes.suffix)") }
        let list: JSONValue = ["apiVersion": "v1", "kind": "List", "items": .array(items)]
        let created = try await kubernetes.kubectl(
            "create", "--dry-run=server", "--validate=false", "-o", "name", "-f", "-",
            input: String(decoding: list.bytes(), as: UTF8.self)
        ).check()
        #expect(created.output.split(separator: "\n").count == cases.count)
        try await kubernetes.remove()
    }

    @Test(
        "S2: the API server itself refuses what makes no sense, with the definitions' words",
        .enabled(if: !KubernetesFixture.isFake, "rules in CEL are for a real API server"))
    func refusedObjectsAreRefused() async throws {
        let kubernetes = try await KubernetesFixture.start()
        try await kubernetes.installCustomResources()
        for (index, example) in CustomResourceCase.refused.enumerated() {
            let object = try Self.object(example, "case-\(index)-\(kubernetes.suffix)")
            let created = try await kubernetes.kubectl(
                "create", "--dry-run=server", "--validate=false", "-f", "-",
                input: String(decoding: object.bytes(), as: UTF8.self))
            #expect(created.exitCode != 0, "\(example.name)")
            // The path is told in the server's own way, and so is what a plain schema refuses.
            for refusal in example.refusals where refusal.contains(" must ") || refusal.contains(" is missing") {
                let words = refusal.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? refusal
                #expect(created.errors.contains(words), "\(example.name): \(created.errors)")
            }
        }
        try await kubernetes.remove()
    }

    @Test("S7 S30 S57: a partner's object is applied, listed by upstream's columns, and keeps its bundle")
    func partnersObjectIsListed() async throws {
        let kubernetes = try await KubernetesFixture.start()
        try await kubernetes.installCustomResources()
        let name = "partner-\(kubernetes.suffix)"
        let bundle = String(decoding: try TestCA("two.test").bundle.document(), as: UTF8.self)
        let manifest = try await ToolCommand.run(
            BuiltExecutable.path,
            [
                "federation", "manifest", "--from", "-", "-trustDomain", "two.test", "-name", name,
                "-bundleEndpointURL", "https://two.test:8443", "-endpointSpiffeID", "spiffe://two.test/spire/server",
                "-className", "nobody",
            ], input: bundle
        ).check()
        try await kubernetes.kubectl("apply", "-f", "-", input: manifest.output).check()
        let kind = "clusterfederatedtrustdomain"
        let table = try await kubernetes.kubectl("get", kind, name).check().output.split(separator: "\n")
        let row = { (line: Substring) in line.split(separator: " ", omittingEmptySubsequences: true).map(String.init) }
        #expect(row(table[0]) == ["NAME", "TRUST", "DOMAIN", "ENDPOINT", "URL"])
        #expect(row(table[1]) == [name, "two.test", "https://two.test:8443"])
        let wide = try await kubernetes.kubectl("get", kind, name, "-o", "wide").check().output.split(separator: "\n")
        #expect(row(wide[0]).prefix(5) == row(table[0])[...])
        #expect(row(wide[1]).prefix(3) == row(table[1])[...])
        let stored = try await kubernetes.kubectl("get", kind, name, "-o", "jsonpath={.spec.trustDomainBundle}").check()
        #expect(stored.output == bundle + "\n")
        try await kubernetes.kubectl("delete", kind, name).check()
        try await kubernetes.remove()
    }
}
