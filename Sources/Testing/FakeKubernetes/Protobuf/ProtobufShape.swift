// SPDX-License-Identifier: Apache-2.0

/// What the fields of a protobuf message of Kubernetes are called in JSON, and what they hold.
indirect enum ProtobufShape: Sendable {
    case string
    case integer
    /// Base64 in JSON.
    case bytes
    case list(ProtobufShape)
    /// With strings as keys.
    case map(ProtobufShape)
    case message([Int: (name: String, shape: ProtobufShape)])
}

extension ProtobufShape {
    /// The kinds that `kubectl create` sends in protobuf, and that are read.
    static func ofKind(_ kind: String) -> ProtobufShape? {
        switch kind {
        case "Namespace": .message([1: ("metadata", metadata)])
        case "ConfigMap":
            .message([1: ("metadata", metadata), 2: ("data", .map(.string)), 3: ("binaryData", .map(.bytes))])
        case "Secret":
            .message([
                1: ("metadata", metadata), 2: ("data", .map(.bytes)), 3: ("type", .string),
                4: ("stringData", .map(.string)),
            ])
        case "ServiceAccount": .message([1: ("metadata", metadata)])
        case "TokenRequest": .message([1: ("metadata", metadata), 2: ("spec", tokenRequest)])
        default: nil
        }
    }

    private static let metadata = ProtobufShape.message([
        1: ("name", .string), 2: ("generateName", .string), 3: ("namespace", .string), 5: ("uid", .string),
        6: ("resourceVersion", .string), 11: ("labels", .map(.string)), 12: ("annotations", .map(.string)),
        14: ("finalizers", .list(.string)),
    ])

    private static let tokenRequest = ProtobufShape.message([
        1: ("audiences", .list(.string)), 3: ("boundObjectRef", reference), 4: ("expirationSeconds", .integer),
    ])

    private static let reference = ProtobufShape.message([
        1: ("kind", .string), 2: ("apiVersion", .string), 3: ("name", .string), 4: ("uid", .string),
    ])
}
