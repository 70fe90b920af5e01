// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FakeKubernetes
import Foundation
import SPIFFE
import Testing

/// The Kubernetes client of Python, which shares nothing with `kubectl`.
@Suite(.timeLimit(.minutes(2)))
struct PythonClientTests {
    @Test func pythonClientCreatesChangesWatchesAndDeletes() async throws {
        let python = try #require(
            ProcessInfo.processInfo.environment["COMITY_TEST_PYTHON"],
            "COMITY_TEST_PYTHON names no interpreter: run the tests by make test")
        try await KubernetesFixture.with { kubernetes in
            let widget = try await Widget.installed(in: kubernetes)
            let script = URL(filePath: #filePath).deletingLastPathComponent().appending(
                path: "Clients/custom_objects.py")
            let output = try await ToolCommand.run(
                python, [script.path, kubernetes.kubeconfigPath, widget.group, kubernetes.namespace]
            ).check().output
            let seen = try JSONValue(parsing: Array(output.utf8), maximumBytes: 1 << 20)
            #expect(seen["maps"] == ["made-"])
            #expect(seen["size"] == 2)
            #expect(seen["old version"] == 409)
            #expect(seen["deleted"] == [404, "NotFound"])
            #expect(seen["events"] == [["MODIFIED", 2], ["MODIFIED", 3], ["DELETED", 3]])
            #expect(seen["managers"] == ["python"])
        }
    }
}
