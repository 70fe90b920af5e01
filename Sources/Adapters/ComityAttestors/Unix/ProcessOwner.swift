// SPDX-License-Identifier: Apache-2.0

import ComityAttestation

/// Whom a process acts for, as `/proc/<pid>/status` says.
struct ProcessOwner: Hashable, Sendable {
    var userID: UInt32
    var groupID: UInt32
    var supplementaryGroupIDs: [UInt32]

    init(status: [UInt8]) throws {
        var fields: [String: [UInt32]] = [:]
        for line in status.split(separator: UInt8(ascii: "\n")) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let key = String(decoding: line[..<colon], as: UTF8.self)
            guard ["Uid", "Gid", "Groups"].contains(key) else { continue }
            let values = line[line.index(after: colon)...].split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            fields[key] = values.compactMap { UInt32(String(decoding: $0, as: UTF8.self)) }
        }
        // Real, effective, saved, file system: the effective one is what the process may do.
        guard let users = fields["Uid"], let groups = fields["Gid"], users.count == 4, groups.count == 4 else {
            throw AttestationError(.internalError, "process status names no user and group")
        }
        userID = users[1]
        groupID = groups[1]
        supplementaryGroupIDs = fields["Groups"] ?? []
    }
}
