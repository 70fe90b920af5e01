// SPDX-License-Identifier: Apache-2.0

import ComityAttestation

/// Looks for a process's pod in what the kubelet lists.
struct PodSearch: Equatable, Sendable {
    let container: PodContainer
    let tellsContainers: Bool

    /// - Returns: `nil` when the kubelet does not know the container yet.
    /// - Throws: ``AttestationError`` when it lists the container twice, so that nothing is certain.
    func selectorValues(in pods: [KubeletPod]) throws(AttestationError) -> [String]? {
        let candidates = container.podUID.map { uid in pods.filter { $0.uid == uid } } ?? pods
        let found = candidates.compactMap(selectorValues)
        guard found.count < 2 else {
            throw AttestationError(.internalError, "two pods found with same container Id")
        }
        return found.first
    }

    private func selectorValues(of pod: KubeletPod) -> [String]? {
        if let found = pod.container(container.containerID) {
            return pod.selectorValues + (tellsContainers ? found.selectorValues : [])
        }
        return container.podUID != nil && !tellsContainers ? pod.selectorValues : nil
    }
}
