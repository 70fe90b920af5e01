// SPDX-License-Identifier: Apache-2.0

package import ComityAttestation
package import ComityRegistry

/// Knows a workload by the pod that it runs in, as the kubelet of the node tells it.
package struct KubernetesWorkloadAttestor: WorkloadAttestor {
    package static let name = "k8s"

    private let settings: KubernetesAttestorSettings
    private let processes: ProcessTable
    private let pods: KubeletPods
    private let sleep: @Sendable (Duration) async throws -> Void

    package var name: String { Self.name }

    /// - Parameters:
    ///   - nodeName: What the environment calls the node, where the settings do not.
    ///   - procRoot: Where the kernel shows processes; elsewhere when the host's are mounted (`HOST_PROC`).
    package init(
        _ settings: KubernetesAttestorSettings, nodeName: String? = nil, procRoot: String = "/proc",
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.settings = settings
        self.sleep = sleep
        processes = ProcessTable(root: procRoot)
        pods = KubeletPods(
            KubeletClient(settings.connection, nodeName: settings.nodeName ?? nodeName),
            lifetime: settings.retryInterval / 2, now: now)
    }

    package func attest(_ process: WorkloadProcess) async throws -> Set<Selector> {
        let groups = try ControlGroups(parsing: processes.controlGroups(of: process.processID))
        // Outside of pods there is nothing to say, which is no error.
        guard let container = try PodContainer(groups) else { return [] }
        let search = PodSearch(container: container, tellsContainers: settings.tellsContainers)
        for attempt in 1... {
            if let values = try search.selectorValues(in: try await pods.current()) {
                return Set(try values.map { try Selector(type: name, value: $0) })
            }
            guard attempt < settings.maximumAttempts else { break }
            try await sleep(settings.retryInterval)
        }
        throw AttestationError(
            .unavailable,
            "no selectors found after max poll attempts: after \(settings.maximumAttempts) attempts the kubelet lists no "
                + "container \(container.containerID)\(container.podUID.map { " in pod \($0)" } ?? "")"
                + (settings.tellsContainers && container.podUID != nil
                    ? "; set disable_container_selectors for pods whose containers are not ready yet" : ""))
    }
}
