// SPDX-License-Identifier: Apache-2.0

extension KubeletPod {
    /// Of the pod as a whole, to SPIRE's letter.
    var selectorValues: [String] {
        var values = [
            "ns:\(namespace)", "sa:\(serviceAccount)", "node-name:\(nodeName)", "pod-uid:\(uid)", "pod-name:\(name)",
            "pod-image-count:\(containers.count)", "pod-init-image-count:\(initContainers.count)",
        ]
        values += containers.flatMap(\.images).map { "pod-image:\($0)" }
        values += initContainers.flatMap(\.images).map { "pod-init-image:\($0)" }
        values += labels.map { "pod-label:\($0.key):\($0.value)" }
        for owner in owners {
            values += ["pod-owner:\(owner.kind):\(owner.name)", "pod-owner-uid:\(owner.kind):\(owner.uid)"]
        }
        return values
    }
}

extension KubeletPod.Container {
    var selectorValues: [String] { ["container-name:\(name)"] + images.map { "container-image:\($0)" } }
}
