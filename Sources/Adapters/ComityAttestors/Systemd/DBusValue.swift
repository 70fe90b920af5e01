// SPDX-License-Identifier: Apache-2.0

/// The few types of D-Bus values that asking systemd takes.
indirect enum DBusValue: Equatable {
    case uint32(UInt32)
    case string(String)
    case objectPath(String)
    case signature(String)
    case variant(DBusValue)

    var signature: String {
        switch self {
        case .uint32: "u"
        case .string: "s"
        case .objectPath: "o"
        case .signature: "g"
        case .variant: "v"
        }
    }
}
