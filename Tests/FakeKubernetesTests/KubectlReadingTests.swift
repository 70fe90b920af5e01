// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FakeKubernetes
import Testing

/// What `kubectl` shows.
@Suite
struct KubectlReadingTests {
    @Test
    func newNamespaceIsThere() async throws {
        let kubernetes = try await KubernetesFixture.start()
        let table = try await kubernetes.kubectl("get", "namespace", kubernetes.namespace).check().output
        #expect(table.hasPrefix("NAME"))
        #expect(table.contains("Active"))
        try await kubernetes.remove()
    }
}
