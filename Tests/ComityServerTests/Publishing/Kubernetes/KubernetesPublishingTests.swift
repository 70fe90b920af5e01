// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import ComityServer
import ComityTesting
import FakeKubernetes
import Foundation
import SPIFFE
import Testing

/// The own bundle in a cluster, seen by kubectl.
@Suite(.timeLimit(.minutes(2))) struct KubernetesPublishingTests {
    private let server: AuthorityServer

    init() throws {
        server = try AuthorityServer()
    }

    // MARK: - k8s_configmap

    @Test func configMapHoldsEachFormat() async throws {
        try await with { kubernetes, connections in
            let bundle = try await server.bundle
            func publish(_ format: PublishedBundleFormat) async throws -> [UInt8] {
                await configMap(kubernetes, connections, format).publish()
                return Array(try await data(kubernetes, "bundle.spiffe").utf8)
            }
            let document = try SPIFFEBundle(
                document: try await publish(.spiffe(refreshHint: 60)), trustDomain: server.trustDomain)
            #expect(document.hasSameAuthorities(as: bundle) && document.refreshHint == 60)
            let pem = try SPIFFEBundle(pem: try await publish(.pem), trustDomain: server.trustDomain)
            #expect(pem.x509Authorities == bundle.x509Authorities)
            let keys = try JSONValue(parsing: try await publish(.allKeys), maximumBytes: 1 << 20)
            #expect(keys.object?.names == ["keys"])
            #expect(keys["keys"]?.array?.count == bundle.x509Authorities.count + bundle.jwtAuthorities.count)
            #expect(keys["keys"]?.array?.allSatisfy { $0["use"] == nil } == true)
        }
    }

    @Test func configMapIsHealedAndItsOtherKeysStay() async throws {
        try await with { kubernetes, connections in
            let publisher = configMap(kubernetes, connections, .pem)
            await publisher.publish()
            let right = try await data(kubernetes, "bundle.spiffe")
            try await kubernetes.kubectl(
                "patch", "configmap", "spire-bundle", "-n", kubernetes.namespace, "--type", "merge", "-p",
                #"{"data":{"bundle.spiffe":"changed","mine":"kept"}}"#
            ).check()
            await publisher.publish()
            #expect(try await data(kubernetes, "bundle.spiffe") == right)
            #expect(try await data(kubernetes, "mine") == "kept")
            // Nothing is said of a check that found everything right.
            let said = server.log.lines("Bundle published").count
            await publisher.publish()
            #expect(server.log.lines("Bundle published").count == said && publisher.failure == nil)
        }
    }

    @Test func configMapFollowsTheBundle() async throws {
        try await with { kubernetes, connections in
            let authorities = try server.boot()
            try await authorities.start()
            let (published, writes) = AsyncStream<Void>.makeStream()
            let publisher = configMap(kubernetes, connections, .pem) { writes.yield() }
            try await withThrowingTaskGroup { group in
                group.addTask { try await publisher.run() }
                var next = published.makeAsyncIterator()
                _ = await next.next()
                let prepared = try #require(try await authorities.prepare(.x509).x509Authority)
                _ = await next.next()
                #expect(try await data(kubernetes, "bundle.spiffe").contains(prepared.pem))
                group.cancelAll()
            }
        }
    }

    // MARK: - k8sbundle

    @Test func notifierMakesOrPatchesItsConfigMap() async throws {
        try await with { kubernetes, connections in
            let pem = try await server.bundle.pem
            let publisher = notifier(kubernetes, connections)
            await publisher.publish()
            #expect(try await data(kubernetes, "bundle.crt") == pem)
            try await kubernetes.kubectl(
                "patch", "configmap", "spire-bundle", "-n", kubernetes.namespace, "--type", "merge", "-p",
                #"{"data":{"bundle.crt":null,"mine":"kept"}}"#
            ).check()
            await publisher.publish()
            #expect(try await data(kubernetes, "bundle.crt") == pem)
            #expect(try await data(kubernetes, "mine") == "kept")
        }
    }

    @Test func notifierGivesWebhooksAndAPIServicesTheAuthorities() async throws {
        try await with { kubernetes, connections in
            let label = "comity.test/\(kubernetes.suffix)"
            let group = "g\(kubernetes.suffix).comity.test"
            func webhook(_ kind: String, _ name: String, _ labels: String) -> String {
                """
                apiVersion: admissionregistration.k8s.io/v1
                kind: \(kind)WebhookConfiguration
                metadata: {name: \(name)-\(kubernetes.suffix), labels: {\(labels)}}
                webhooks:
                - name: w.comity.test
                  failurePolicy: Ignore
                  sideEffects: None
                  admissionReviewVersions: [v1]
                  clientConfig: {service: {namespace: none, name: none, path: /x}}
                  namespaceSelector: {matchLabels: {"comity.test/never": "true"}}
                """
            }
            let objects = [
                webhook("Mutating", "labelled", "\(label): \"true\""),
                webhook("Validating", "labelled", "\(label): \"true\""), webhook("Validating", "other", ""),
                """
                apiVersion: apiregistration.k8s.io/v1
                kind: APIService
                metadata: {name: v1.\(group), labels: {\(label): "true"}}
                spec: {group: \(group), version: v1, groupPriorityMinimum: 100, versionPriority: 100,
                       service: {namespace: none, name: none}}
                """,
            ].joined(separator: "\n---\n")
            try await kubernetes.apply(objects)
            let publisher = notifier(kubernetes, connections) {
                $0.webhookLabel = label
                $0.apiServiceLabel = label
            }
            await publisher.publish()
            #expect(publisher.failure == nil)

            func bundle(_ kind: String, _ name: String, _ path: String) async throws -> String {
                try await kubernetes.kubectl("get", kind, name, "-o", "jsonpath={\(path)}").check().output
            }
            let expected = Base64.standard.encode(Array(try await server.bundle.pem.utf8))
            let path = ".webhooks[0].clientConfig.caBundle"
            for kind in ["mutatingwebhookconfiguration", "validatingwebhookconfiguration"] {
                #expect(try await bundle(kind, "labelled-\(kubernetes.suffix)", path) == expected)
            }
            #expect(try await bundle("apiservice", "v1.\(group)", ".spec.caBundle") == expected)
            #expect(
                try await bundle("validatingwebhookconfiguration", "other-\(kubernetes.suffix)", path).isEmpty)
            let selector = "validatingwebhookconfiguration/labelled-\(kubernetes.suffix)"
            #expect(
                try await kubernetes.kubectl("get", selector, "-o", "jsonpath={.webhooks[0].clientConfig.service.path}")
                    .check().output == "/x")
            try await kubernetes.kubectl("delete", "-f", "-", "--wait=false", input: objects).check()
        }
    }

    // MARK: - What cannot be written

    @Test func aNamespaceThatIsNotThereIsToldAndStopsNothing() async throws {
        try await with { kubernetes, connections in
            let publisher = publisher(
                BundleConfigMap(
                    BundleConfigMapSettings(
                        cluster: "east", kubeconfigPath: kubernetes.kubeconfigPath,
                        namespace: "gone-\(kubernetes.suffix)", name: "spire-bundle", key: "k", format: .pem),
                    connections: connections))
            await publisher.publish()
            let failure = try #require(publisher.failure)
            #expect(failure.hasPrefix("k8s_configmap: failed to apply ConfigMap for cluster \"east\": "))
            #expect(failure.contains("gone-\(kubernetes.suffix)"))
            let line = try #require(server.log.lines("Failed to publish bundle").first)
            #expect(line.metadata["cluster_id"] == "east" && line.metadata["plugin_type"] == "BundlePublisher")
        }
    }

    @Test func outsideOfAClusterAKubeconfigIsAskedFor() async throws {
        try await server.boot().start()
        let connections = KubernetesConnections(version: "", logger: server.log.logger())
        let publisher = publisher(BundleNotifier(BundleNotifierSettings(), connections: connections))
        await publisher.publish()
        #expect(publisher.failure?.contains("k8sbundle: unable to update: not in a pod") == true)
    }

    /// Only the fake refuses on request.
    @Test(.enabled(if: KubernetesFixture.isFake)) func oneObjectThatFailsStopsNoOther() async throws {
        try await with { kubernetes, connections in
            kubernetes.cluster?.misbehaves.refuse(.internalError(path: "/configmaps"))
            let publisher = notifier(kubernetes, connections) { $0.webhookLabel = "comity.test/ca" }
            try await kubernetes.apply(
                """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingWebhookConfiguration
                metadata: {name: labelled, labels: {"comity.test/ca": "true"}}
                webhooks: [{name: w.comity.test, sideEffects: None, admissionReviewVersions: [v1], clientConfig: {url: "https://x"}}]
                """)
            await publisher.publish()
            #expect(publisher.failure?.contains("\(kubernetes.namespace)/spire-bundle: ") == true)
            let given = try await kubernetes.kubectl(
                "get", "validatingwebhookconfiguration/labelled", "-o",
                "jsonpath={.webhooks[0].clientConfig.caBundle}"
            ).check().output
            #expect(!given.isEmpty)
            kubernetes.cluster?.misbehaves.behave()
            await publisher.publish()
            #expect(publisher.failure == nil)
        }
    }

    // MARK: - A server and a cluster

    private func with(_ body: (KubernetesFixture, KubernetesConnections) async throws -> Void) async throws {
        try await server.boot().start()
        let kubernetes = try await KubernetesFixture.start()
        let connections = KubernetesConnections(version: "test", logger: server.log.logger())
        // The connections are closed by the service that they are.
        let service = Task { try await connections.run() }
        do {
            try await body(kubernetes, connections)
        } catch {
            service.cancel()
            try? await service.value
            try? await kubernetes.remove()
            throw error
        }
        service.cancel()
        try await service.value
        try await kubernetes.remove()
    }

    private func publisher(
        _ target: any BundleTarget, onPublished: @escaping @Sendable () async -> Void = {}
    ) -> BundlePublisher {
        BundlePublisher(
            target, trustDomain: server.trustDomain, store: server.store, time: server.clock.time,
            logger: server.log.logger(), onPublished: onPublished)
    }

    private func configMap(
        _ kubernetes: KubernetesFixture, _ connections: KubernetesConnections, _ format: PublishedBundleFormat,
        onPublished: @escaping @Sendable () async -> Void = {}
    ) -> BundlePublisher {
        publisher(
            BundleConfigMap(
                BundleConfigMapSettings(
                    cluster: "east", kubeconfigPath: kubernetes.kubeconfigPath, namespace: kubernetes.namespace,
                    name: "spire-bundle", key: "bundle.spiffe", format: format), connections: connections),
            onPublished: onPublished)
    }

    private func notifier(
        _ kubernetes: KubernetesFixture, _ connections: KubernetesConnections,
        _ change: (inout BundleNotifierSettings) -> Void = { _ in }
    ) -> BundlePublisher {
        var settings = BundleNotifierSettings()
        settings.kubeconfigPath = kubernetes.kubeconfigPath
        settings.namespace = kubernetes.namespace
        change(&settings)
        return publisher(BundleNotifier(settings, connections: connections))
    }

    private func data(_ kubernetes: KubernetesFixture, _ key: String) async throws -> String {
        let path = key.replacing(".", with: "\\.")
        return try await kubernetes.kubectl(
            "get", "configmap", "spire-bundle", "-n", kubernetes.namespace, "-o", "jsonpath={.data.\(path)}"
        ).check().output
    }
}
