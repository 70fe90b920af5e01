// SPDX-License-Identifier: Apache-2.0

/// What `kubectl get` shows of built-in types; fewer columns than the real ones where a value has to be computed.
enum BuiltInColumns {
    static let pods =
        [
            TableColumn("Status", ".status.phase"),
            TableColumn("IP", ".status.podIP", priority: 1), TableColumn("Node", ".spec.nodeName", priority: 1),
        ] + TableColumn.age

    static let nodes = [TableColumn("Version", ".status.nodeInfo.kubeletVersion")] + TableColumn.age

    static let namespaces = [TableColumn("Status", ".status.phase")] + TableColumn.age

    static let services =
        [
            TableColumn("Type", ".spec.type"), TableColumn("Cluster-IP", ".spec.clusterIP"),
            TableColumn("Port(s)", ".spec.ports[*].port"),
        ] + TableColumn.age

    static let configMaps = [TableColumn("Data", ".data", type: "integer")] + TableColumn.age

    static let secrets =
        [TableColumn("Type", ".type"), TableColumn("Data", ".data", type: "integer")] + TableColumn.age

    static let serviceAccounts = [TableColumn("Secrets", ".secrets", type: "integer")] + TableColumn.age

    static let events = [
        TableColumn("Last Seen", ".lastTimestamp", type: "date"), TableColumn("Type", ".type"),
        TableColumn("Reason", ".reason"), TableColumn("Object", ".involvedObject.name"),
        TableColumn("Message", ".message"),
    ]

    static let leases = [TableColumn("Holder", ".spec.holderIdentity")] + TableColumn.age

    static let definitions = [TableColumn("Created At", ".metadata.creationTimestamp")]
}
