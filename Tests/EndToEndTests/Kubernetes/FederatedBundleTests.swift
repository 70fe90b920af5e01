// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FakeKubernetes
import Foundation
import SPIFFE
import Testing

/// What a ClusterFederatedTrustDomain's text does to the bundle that is stored, and who wins over the object.
@Suite(.serialized) struct FederatedBundleTests {
    private func bundle(_ sequence: Int, of domain: String = "two.test") throws -> String {
        var bundle = try TestCA(domain).bundle
        bundle.sequenceNumber = UInt64(sequence)
        return String(decoding: bundle.document(), as: UTF8.self)
    }

    @Test("S23 S24 C26: an edited text takes effect, and never over what is newer")
    func editsTakeEffectSafely() async throws {
        let kubernetes = try await KubernetesFixture.withCustomResources()
        let side = try ControlledDomain(
            "one.test", in: kubernetes, className: "zero-trust-workload-identity-manager-spire")
        let two = try Deployment("two.test")
        let programs = try await side.start(with: two)
        defer { withExtendedLifetime(programs) {} }

        // Without a bundle nothing can be fetched, and the object says so; then the text is added.
        try await kubernetes.apply(side.manifest(for: two))
        let stuck = try await side.condition("Ready", "False NoBundle", for: "two.test")
        #expect(stuck.conditionMessage("Ready")?.contains("spec.trustDomainBundle") == true)
        try await kubernetes.apply(side.manifest(for: two, bundle: try await two.bundleDocument()))
        let fresh = try await side.condition("Ready", "True Fresh", for: "two.test")
        let stored = try await side.domain.storedBundle(of: "two.test")

        // A text with sequence 1 that has nothing to do with what is fetched.
        try await kubernetes.apply(side.manifest(for: two, bundle: try bundle(1)))
        let kept = try await side.status(of: side.objectName(for: "two.test"), "another text is declared") {
            $0["declaredBundleDigest"] != fresh["declaredBundleDigest"]
        }
        #expect(kept["effectiveBundleDigest"] == fresh["effectiveBundleDigest"])
        #expect(kept["effectiveBundleDigest"] != kept["declaredBundleDigest"])
        #expect(try await side.domain.storedBundle(of: "two.test") == stored)

        // Where nothing is fetched, the text is what counts.
        let closed = try Deployment.Ports.free().server
        for sequence in [1, 2] {
            let text = try bundle(sequence, of: "three.test")
            try await kubernetes.apply(
                side.manifest(for: "three.test", url: "https://127.0.0.1:\(closed)", bundle: text))
            try await side.status(of: side.objectName(for: "three.test"), "text \(sequence) is in force") {
                $0["sequence"] == .number(JSONNumber(sequence))
                    && $0["effectiveBundleDigest"] == $0["declaredBundleDigest"]
            }
        }
        try await side.removeObjects(for: "two.test", "three.test")
    }

    @Test("S16: a relationship of the configuration file wins over an object, and the object says so")
    func theConfigurationFileWins() async throws {
        let kubernetes = try await KubernetesFixture.withCustomResources()
        let side = try ControlledDomain("one.test", in: kubernetes)
        let two = try Deployment("two.test")
        try side.domain.writeServerConfiguration(federation: Deployment.federatesWith(two))
        try two.writeServerConfiguration()
        let server = try await side.domain.startServer()
        let programs = [try await two.startServer(), try side.startController()]
        defer { withExtendedLifetime(programs) {} }

        try await kubernetes.apply(
            side.manifest(
                for: "two.test", url: "https://elsewhere.test", bundle: try await two.bundleDocument()))
        let status = try await side.status(of: side.objectName(for: "two.test"), "the server's file wins") {
            $0.condition("Conflict") == "True ServerConfiguration"
                && $0.condition("EndpointReachable") == "True Reached"
        }
        #expect(status.conditionMessage("Conflict")?.contains("federates_with") == true)
        let listed = try await side.domain.server("federation", "list").check().output
        #expect(listed.contains("The configuration file has 1 federation relationship\n"))
        #expect(listed.contains(two.bundleEndpointURL) && !listed.contains("elsewhere.test"))
        #expect(server.lines("Trust domain is now managed").count == 1)
        #expect(server.lines("Updated configuration for managed trust domain").isEmpty)
        try await side.removeObjects(for: "two.test")
    }

    @Test("an object without an endpoint gives the bundle of a Secret, and takes it away again when it says so")
    func bundleOfASecret() async throws {
        let kubernetes = try await KubernetesFixture.withCustomResources()
        let side = try ControlledDomain("one.test", in: kubernetes)
        let programs = try await side.start()
        defer { withExtendedLifetime(programs) {} }
        let text = try bundle(5)
        let encoded = Data(text.utf8).base64EncodedString()
        try await kubernetes.apply(
            """
            apiVersion: v1
            kind: Secret
            metadata:
              name: partner
            data:
              bundle.json: \(encoded)
            """)
        try await kubernetes.apply(
            """
            apiVersion: spire.spiffe.io/v1alpha1
            kind: ClusterFederatedTrustDomain
            metadata:
              name: \(side.objectName(for: "two.test"))
            spec:
              trustDomain: two.test
              className: \(side.className)
              onDelete: dissolve
              trustDomainBundleFrom:
                secretKeyRef: {namespace: \(kubernetes.namespace), name: partner, key: bundle.json}
            """)
        try await side.condition("Ready", "True BundleDeclared", for: "two.test")
        #expect(try BundleDocumentText(try await side.domain.storedBundle(of: "two.test")).keys.count == 1)
        #expect(try await side.domain.server("federation", "list").check().output.hasPrefix("Found 0 federation"))

        try await side.removeObjects(for: "two.test")
        try await eventually("the bundle is gone") {
            let listed = try await side.domain.server("bundle", "list").check().output
            return listed.contains("two.test") ? nil : true
        }
    }
}
