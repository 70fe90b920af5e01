// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A folder that looks like `/proc` with one process in it.
final class ProcFixture {
    private let folder: URL

    var path: String { folder.appending(path: "proc").path }
    var executablePath: String { folder.appending(path: "program").path }

    init(processID: Int, status: String, executable: Data = Data()) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).resolvingSymlinksInPath()
        let process = folder.appending(path: "proc/\(processID)")
        try FileManager.default.createDirectory(at: process, withIntermediateDirectories: true)
        try Data(status.utf8).write(to: process.appending(path: "status"))
        try executable.write(to: folder.appending(path: "program"))
        try FileManager.default.createSymbolicLink(
            atPath: process.appending(path: "exe").path, withDestinationPath: folder.appending(path: "program").path)
    }

    convenience init(
        processID: Int, uid: [Int] = [1, 1, 1, 1], gid: [Int] = [1, 1, 1, 1], groups: [Int] = [],
        executable: Data = Data()
    ) throws {
        let lines = [
            "Name:\tprogram", "Uid:\t\(Self.join(uid, "\t"))", "Gid:\t\(Self.join(gid, "\t"))",
            "Groups:\t\(Self.join(groups, " ")) ", "VmPeak:\t    2608 kB",
        ]
        try self.init(
            processID: processID, status: lines.map { $0 + "\n" }.joined(), executable: executable)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    private static func join(_ numbers: [Int], _ separator: String) -> String {
        numbers.map(String.init).joined(separator: separator)
    }
}
