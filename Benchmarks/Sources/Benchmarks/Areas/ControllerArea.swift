// SPDX-License-Identifier: Apache-2.0

import ComityBenchmarking

/// What a large cluster costs the controller. The API server is a fake one in this process, the rest is real.
enum ControllerArea {
    private static let window = Duration.seconds(30)
    private static let newPods = 200
    private static let edits = 20

    static func measure(_ bench: Bench) async throws -> [Measurement] {
        let cluster = try await ClusterCase(definitions: "Deploy/Kubernetes/crds")
        return try await bench.withServer("controller") { domain, server in
            try await AdminClient.with(domain) { admin in
                let controller = try domain.startController(kubeconfig: cluster.kubeconfigPath)
                return try await bench.ending(controller) { controller in
                    var measurements = try await firstPass(cluster, admin, controller)
                    measurements += try await steadyState(controller)
                    measurements += try await podsToEntries(cluster, admin, controller)
                    measurements += try await editsToRelationships(cluster, admin, controller)
                    measurements.append(
                        Measurement(
                            "controller: memory at the end", try controller.residentMegabytes(), "MB", atMost: 300))
                    measurements.append(
                        Measurement("controller: server's memory", try server.residentMegabytes(), "MB"))
                    return measurements
                }
            }
        }
    }

    /// Until each pod has its entry and each foreign trust domain its relationship.
    private static func firstPass(
        _ cluster: ClusterCase, _ admin: AdminClient, _ controller: MeasuredProcess
    ) async throws -> [Measurement] {
        try await waiting(.milliseconds(100), for: "the first pass", within: .seconds(300)) {
            try controller.checkRunning()
            return try await admin.countEntries() >= ClusterCase.pods
        }
        try await waiting(.milliseconds(100), for: "the relationships", within: .seconds(60)) {
            try await admin.relationshipURLs().count == ClusterCase.domains
        }
        let wall = (ContinuousClock.now - controller.startedAt) / Duration.seconds(1)
        return [
            Measurement(
                "controller: first pass over \(ClusterCase.pods / 1000)k pods: CPU",
                controller.clock.milliseconds / 1000, "s", atMost: 20),
            Measurement("controller: first pass over \(ClusterCase.pods / 1000)k pods: wall", wall, "s"),
        ]
    }

    private static func steadyState(_ controller: MeasuredProcess) async throws -> [Measurement] {
        try await settle(controller)
        let (before, start) = (controller.clock.milliseconds, ContinuousClock.now)
        try await Task.sleep(for: window)
        let share =
            (controller.clock.milliseconds - before) / ((ContinuousClock.now - start) / Duration.milliseconds(1))
        return [
            Measurement("controller: steady CPU", share * 100, "%", atMost: 5),
            Measurement("controller: memory", try controller.residentMegabytes(), "MB", atMost: 300),
        ]
    }

    /// Waits until what the first pass has set off is done: a second costs less than a fifth of a core.
    private static func settle(_ controller: MeasuredProcess) async throws {
        try await waiting(.zero, for: "the controller to come to rest", within: .seconds(120)) {
            let before = controller.clock.milliseconds
            try await Task.sleep(for: .seconds(1))
            return controller.clock.milliseconds - before < 200
        }
    }

    private static func podsToEntries(
        _ cluster: ClusterCase, _ admin: AdminClient, _ controller: MeasuredProcess
    ) async throws -> [Measurement] {
        let before = controller.clock.milliseconds
        var times: [Double] = []
        for number in ClusterCase.pods..<ClusterCase.pods + newPods {
            let start = ContinuousClock.now
            let path = try cluster.addPod(number)
            try await waiting(.milliseconds(2), for: "the entry of a new pod", within: .seconds(30)) {
                try await admin.hasEntry(path: path)
            }
            times.append((ContinuousClock.now - start) / Duration.milliseconds(1))
        }
        let cpu = (controller.clock.milliseconds - before) / Double(newPods)
        return [
            Measurement("controller: pod created to entry present: p50", times.percentile(50), "ms"),
            Measurement("controller: pod created to entry present: p99", times.percentile(99), "ms", atMost: 500),
            Measurement("controller: CPU for a new pod", cpu, "ms"),
        ]
    }

    private static func editsToRelationships(
        _ cluster: ClusterCase, _ admin: AdminClient, _ controller: MeasuredProcess
    ) async throws -> [Measurement] {
        var times: [Double] = []
        for number in 0..<edits {
            let start = ContinuousClock.now
            let (trustDomain, url) = try cluster.setEndpoint(ofDomain: number, path: "moved")
            try await waiting(.milliseconds(2), for: "the edited relationship", within: .seconds(30)) {
                try await admin.relationshipURLs()[trustDomain] == url
            }
            times.append((ContinuousClock.now - start) / Duration.milliseconds(1))
        }
        return [
            Measurement("controller: trust domain edited to relationship changed: p50", times.percentile(50), "ms"),
            Measurement("controller: trust domain edited to relationship changed: most", times.max() ?? 0, "ms"),
        ]
    }

    private static func waiting(
        _ pause: Duration, for what: String, within limit: Duration, _ isDone: () async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + limit
        while try await !isDone() {
            guard ContinuousClock.now < deadline else { throw BenchmarkError("not within \(limit): \(what)") }
            try await Task.sleep(for: pause)
        }
    }
}

extension [Double] {
    /// The least value that this percentage of all does not exceed.
    fileprivate func percentile(_ percentage: Int) -> Double {
        sorted()[Swift.max(0, (count * percentage + 99) / 100 - 1)]
    }
}
