// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityKeys
import FoundationEssentials
import Glibc

/// Files that lie ready beside those that they replace.
///
/// As soon as the last of them has its name the restore is decided; whoever comes next, this process or a starting
/// server, finishes it. Every step is a renaming that is left out when it was done before.
struct PendingRestore: Sendable {
    private static let mark = ".restored"

    let files: KeptFiles

    var database: String? { files.database.map { $0 + Self.mark } }
    var keys: String? { files.keys.map { $0 + Self.mark } }

    /// Whether a restore was decided and is not finished.
    var isDecided: Bool {
        (database ?? keys).map(Self.exists) ?? false
    }

    /// Puts everything in its place, and what was there aside.
    ///
    /// - Returns: Where that is kept.
    func finish() throws(AuthorityError) -> [String] {
        let steps = steps()
        for step in steps {
            try PrivateFile(path: step.from, kind: "file").move(to: step.to)
        }
        return steps.map(\.to).filter { ![files.database, files.keys].contains($0) }
    }

    /// Removes what lies ready.
    func discard() {
        for path in [database, keys].compactMap(\.self) { unlink(path) }
    }

    /// What is left to do, in order; the last step ends the restore.
    func steps() -> [(from: String, to: String)] {
        guard isDecided, let decision = database ?? keys else { return [] }
        // The time of the decision, so that a second attempt uses the same names.
        let aside = ".before-restore-\(Self.stamp(of: decision))"
        var steps: [(from: String, to: String)] = []
        if let path = files.keys, let new = keys, Self.exists(new) {
            if Self.exists(path) { steps.append((path, path + aside)) }
            steps.append((new, path))
        }
        if let path = files.database, let new = database {
            for suffix in ["", "-wal", "-shm"] where Self.exists(path + suffix) {
                steps.append((path + suffix, path + aside + suffix))
            }
            steps.append((new, path))
        }
        return steps
    }

    private static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    private static func stamp(of path: String) -> String {
        let time = FileFacts(of: path)?.written ?? Date(timeIntervalSince1970: 0)
        return time.formatted(Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted))
    }
}
