// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import Glibc

/// What the kernel shows of processes under `/proc`.
struct ProcessTable: Sendable {
    private static let maximumStatusSize = 256 << 10
    private static let maximumPathSize = 8 << 10
    private static let maximumGroupsSize = 256 << 10

    let root: String

    func owner(of processID: Int32) throws -> ProcessOwner {
        try ProcessOwner(
            status: try BoundedFile.read("\(root)/\(processID)/status", atMost: Self.maximumStatusSize))
    }

    /// The list of control groups, as text.
    func controlGroups(of processID: Int32) throws(AttestationError) -> String {
        let bytes = try BoundedFile.read("\(root)/\(processID)/cgroup", atMost: Self.maximumGroupsSize)
        return String(decoding: bytes, as: UTF8.self)
    }

    func executablePath(of processID: Int32) throws -> String {
        let link = executableLink(of: processID)
        var buffer = [UInt8](repeating: 0, count: Self.maximumPathSize)
        let count = buffer.withUnsafeMutableBytes { bytes in
            bytes.assumingMemoryBound(to: CChar.self).baseAddress.map { readlink(link, $0, bytes.count) } ?? -1
        }
        guard count >= 0 else { throw AttestationError.system("read link \(link)") }
        guard count < buffer.count else {
            throw AttestationError(.internalError, "path of \(link) is longer than \(Self.maximumPathSize) bytes")
        }
        guard let path = String(validating: buffer[..<count], as: UTF8.self) else {
            throw AttestationError(.internalError, "path of \(link) is not UTF-8")
        }
        return path
    }

    /// The kernel's link to the executable, which leads to it in the process's own mount namespace too.
    func executableLink(of processID: Int32) -> String {
        "\(root)/\(processID)/exe"
    }
}
