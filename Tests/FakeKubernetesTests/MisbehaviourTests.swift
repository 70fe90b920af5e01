// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FakeKubernetes
import Testing

/// What the fake does wrong on request.
@Suite(
    .enabled(if: KubernetesFixture.isFake, "a real cluster does not misbehave on request"), .timeLimit(.minutes(2)))
struct MisbehaviourTests {
    @Test func clientsComeBackAfterTooManyRequests() async throws {
        let (kubernetes, cluster) = try await start()
        cluster.misbehaves.refuse(.tooManyRequests(retryAfterSeconds: 1, times: 1))
        try await kubernetes.kubectl("get", "--raw", "/api/v1/pods").check()
    }

    @Test func internalErrorsAreAnsweredAsLongAsWished() async throws {
        let (kubernetes, cluster) = try await start()
        cluster.misbehaves.refuse(.internalError(of: .reads, path: "/pods"))
        let refused = try await kubernetes.kubectl("get", "--raw", "/api/v1/pods")
        #expect(refused.errors.contains("refused on request of a test"))
        try await kubernetes.kubectl("get", "--raw", "/api/v1/nodes").check()
        cluster.misbehaves.behave()
        try await kubernetes.kubectl("get", "--raw", "/api/v1/pods").check()
    }

    @Test func customTypesAreForgottenAndComeBackWithTheirObjects() async throws {
        let (kubernetes, cluster) = try await start()
        let widget = try await Widget.installed(in: kubernetes)
        try await widget.apply("a", "size: 1")
        let path = "/apis/\(widget.group)/v1/widgets"
        cluster.misbehaves.forgetCustomTypes()
        #expect(try await kubernetes.kubectl("get", "--raw", path).exitCode != 0)
        cluster.misbehaves.behave()
        #expect(try await kubernetes.kubectl("get", "--raw", path).check().output.contains(#""name":"a""#))
    }

    @Test func staleListsDoNotKnowWhatCameLater() async throws {
        let (kubernetes, cluster) = try await start()
        cluster.serveStaleLists()
        try await kubernetes.kubectl("create", "namespace", "later").check()
        let list = try await kubernetes.kubectl("get", "namespaces", "-o", "name").check().output
        #expect(!list.contains("later"))
        cluster.misbehaves.behave()
        #expect(try await kubernetes.kubectl("get", "namespaces", "-o", "name").check().output.contains("later"))
    }

    @Test func watchFromBeforeTheHistoryIsExpired() async throws {
        let (kubernetes, cluster) = try await start()
        cluster.forgetHistory()
        let answer = try await kubernetes.kubectl(
            "get", "--raw", "/api/v1/pods?watch=true&resourceVersion=1001"
        ).check().output
        #expect(answer.contains(#""type":"ERROR""#))
        #expect(answer.contains(#""code":410"#))
    }

    @Test func droppedWatchEnds() async throws {
        let (kubernetes, cluster) = try await start()
        let folder = try TemporaryFolder()
        let watch = try RunningProgram(
            "/usr/bin/env",
            [
                "kubectl", "--kubeconfig", kubernetes.kubeconfigPath, "--cache-dir", folder.path, "get", "namespaces",
                "--watch",
            ], in: folder.path, log: folder.path("watch.log"))
        try await watch.line("default")
        // Only once the watch is open can it be dropped.
        try await eventually("the watch ends") {
            cluster.dropWatches()
            return watch.isRunning ? nil : true
        }
        await watch.stop()
    }

    private func start() async throws -> (KubernetesFixture, FakeCluster) {
        let kubernetes = try await KubernetesFixture.start()
        return (kubernetes, try #require(kubernetes.cluster))
    }
}
