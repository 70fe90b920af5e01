// SPDX-License-Identifier: Apache-2.0

import CLinux

/// Tells a file from another one that took its name.
struct FileIdentity: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case nothing, socket, other
        /// `errno` says why.
        case unknown
    }

    private let device: UInt64
    private let inode: UInt64

    /// What is at a path itself; links are not followed.
    static func look(at path: String) -> (kind: Kind, identity: FileIdentity?) {
        var device: UInt64 = 0
        var inode: UInt64 = 0
        let kind = comity_path_kind(path, &device, &inode)
        let identity = FileIdentity(device: device, inode: inode)
        return switch kind {
        case 0: (.nothing, nil)
        case 1: (.socket, identity)
        case 2: (.other, identity)
        default: (.unknown, nil)
        }
    }
}
