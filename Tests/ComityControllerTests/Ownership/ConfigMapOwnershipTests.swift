// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import ComityTesting
import FakeKubernetes
import Logging
import SPIFFE
import Testing

@testable import ComityController

@Suite struct ConfigMapOwnershipTests {
    @Test("beside a server without the service claims are kept in ConfigMaps, apart for each owner")
    func remembers() async throws {
        let kubernetes = try await KubernetesFixture.start()
        let client = try KubernetesClient(
            try .kubeconfig(path: kubernetes.kubeconfigPath, environment: [:]), userAgent: "test",
            logger: RecordedLog().logger())
        func record(_ owner: String = "demo/class") -> ConfigMapOwnership {
            ConfigMapOwnership(client, namespace: kubernetes.namespace, owner: owner)
        }
        #expect(try await record().load() == nil)
        let first = record()
        _ = try await first.claim(Owned())
        #expect(try await record().load() == Owned())
        let claimed = Owned(entryIDs: ["0a", "0b", "f1", "x.1"], trustDomains: [try TrustDomain("two.test")])
        _ = try await first.claim(claimed)
        #expect(try await record().load() == claimed)
        try await first.release(Owned(entryIDs: ["0b", "x.1"]))
        #expect(
            try await record().load()
                == Owned(entryIDs: ["0a", "f1"], trustDomains: [try TrustDomain("two.test")]))
        #expect(try await record("demo/other").load() == nil)
        await client.shutdown()
        try await kubernetes.remove()
    }
}
