// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Names of users and groups, from the system's name services.
struct UnixAccounts: Sendable {
    private static let bufferSizes = [1 << 10, 16 << 10, 256 << 10, 4 << 20]

    /// `nil` when the user has no name.
    func userName(of userID: UInt32) -> String? {
        name { buffer, size in
            var record = passwd()
            var found: UnsafeMutablePointer<passwd>?
            let status = getpwuid_r(userID, &record, buffer, size, &found)
            return (status, found.flatMap { $0.pointee.pw_name }.map { String(cString: $0) })
        }
    }

    /// `nil` when the group has no name.
    func groupName(of groupID: UInt32) -> String? {
        name { buffer, size in
            var record = group()
            var found: UnsafeMutablePointer<group>?
            let status = getgrgid_r(groupID, &record, buffer, size, &found)
            return (status, found.flatMap { $0.pointee.gr_name }.map { String(cString: $0) })
        }
    }

    /// Groups with many members need larger buffers than any limit tells.
    private func name(
        lookUp: (UnsafeMutablePointer<CChar>, Int) -> (status: Int32, name: String?)
    ) -> String? {
        for size in Self.bufferSizes {
            let (status, name) = withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { buffer in
                buffer.baseAddress.map { lookUp($0, size) } ?? (ENOMEM, nil)
            }
            guard status == ERANGE else { return name.flatMap { $0.isEmpty ? nil : $0 } }
        }
        return nil
    }
}
