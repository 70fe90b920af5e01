// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FakeKubernetes
import Glibc
import Testing

/// What a controller must not do when the cluster, or another controller, does not behave.
@Suite(.serialized, .timeLimit(.minutes(3))) struct ControllerSafetyTests {
    @Test(
        "a read that fails deletes nothing, and what can be read is worked on",
        .enabled(if: KubernetesFixture.isFake, "a real cluster does not fail on request"))
    func readFailure() async throws {
        try await SafetyCluster.with("read-failure.test") { cluster in
            let first = try cluster.startController("first.log")
            try await cluster.declare(["one"])
            try await cluster.makePods("a", "b", "c")
            try await cluster.settle(["/one", "/pod/a", "/pod/b", "/pod/c"])
            await first.stop()

            let api = try #require(cluster.kubernetes.cluster)
            api.misbehaves.refuse(.internalError(of: .reads, path: "/pods"))
            let second = try cluster.startController("second.log")
            try await second.line("Objects of the cluster cannot be read", "pods")
            try await cluster.declare(["two"])
            try await cluster.settle(["/one", "/two", "/pod/a", "/pod/b", "/pod/c"])

            // Once everything can be read, what goes is taken away again.
            api.misbehaves.behave()
            try await cluster.delete("pod", "b", "--now")
            try await cluster.settle(["/one", "/two", "/pod/a", "/pod/c"])
            #expect(second.lines("Deleted entry").count == 1)
        }
    }

    @Test(
        "definitions that are removed while the controller runs delete nothing, nor when they are back without objects",
        .enabled(if: KubernetesFixture.isFake, "other tests need the definitions of a real cluster"))
    func definitionsRemoved() async throws {
        try await SafetyCluster.with("definitions.test") { cluster in
            let controller = try cluster.startController("controller.log")
            // So many that they do not all go at once.
            let names = (10..<40).map { "static-\($0)" }
            let paths = names.map { "/\($0)" } + ["/pod/a"]
            try await cluster.declare(names)
            try await cluster.makePods("a")
            try await cluster.settle(paths)

            try await cluster.delete(
                "crd", "clusterspiffeids.spire.spiffe.io", "clusterstaticentries.spire.spiffe.io")
            try await controller.line("Objects of the cluster cannot be read", "clusterspiffeids")
            try await controller.line("Objects of the cluster cannot be read", "clusterstaticentries")
            let left = try await cluster.entries()
            #expect(left == paths.sorted())

            try await cluster.kubernetes.installCustomResources()
            try await controller.line("Entries that nobody declares any more are not deleted")
            try await cluster.declare(["later"])
            try await cluster.settle(paths + ["/later"])
            #expect(controller.lines("Deleted entry").isEmpty)
        }
    }

    @Test("two controllers without leader election make each entry once, delete nothing of others, and come to rest")
    func twoControllers() async throws {
        try await SafetyCluster.with("two.test") { cluster in
            try await cluster.domain.createEntry("/by-hand")
            let controllers = [try cluster.startController("first.log"), try cluster.startController("second.log")]
            try await cluster.declare(["a", "b", "c", "d", "e", "f"])
            try await cluster.settle(["/by-hand", "/a", "/b", "/c", "/d", "/e", "/f"])
            try await cluster.declare(["a", "b", "c"], hint: "changed")
            try await cluster.withdraw("f")
            try await cluster.settle(["/by-hand", "/a", "/b", "/c", "/d", "/e"])
            // Both have seen everything once they have seen what comes last.
            try await cluster.declare(["g"])
            try await cluster.settle(["/by-hand", "/a", "/b", "/c", "/d", "/e", "/g"])
            let deleted = controllers.flatMap { $0.lines("Deleted entry") }
            #expect(deleted.allSatisfy { $0.contains("spiffe://two.test/f") }, "\(deleted)")
            #expect(controllers.flatMap { $0.lines("Created entry") }.count == 7)
        }
    }

    @Test("when the leader is killed the other controller takes over, and only then does it write")
    func leaderKilled() async throws {
        try await SafetyCluster.with("leader.test") { cluster in
            let election = """
                leaderElection:
                  leaderElect: true
                  resourceName: controller
                  resourceNamespace: \(cluster.kubernetes.namespace)
                  leaseDuration: 3s
                  renewDeadline: 2s
                  retryPeriod: 200ms
                """
            let first = try cluster.startController("first.log", election)
            try await cluster.declare(["one"])
            try await cluster.settle(["/one"])
            let second = try cluster.startController("second.log", election)
            try await second.line("Config loaded")
            try await cluster.declare(["two"])
            try await cluster.settle(["/one", "/two"])
            #expect(second.lines("Created entry").isEmpty)

            await first.stop(SIGKILL)
            try await cluster.declare(["three"])
            try await cluster.settle(["/one", "/two", "/three"])
            try await second.line("Created entry", "/three")
            #expect(second.lines("Deleted entry").isEmpty)
        }
    }
}
