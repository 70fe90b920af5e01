// SPDX-License-Identifier: Apache-2.0

import ServerAPIProtos
import SwiftProtobuf

/// What became of each entry that was to be deleted, for people; with SPIRE's blank lines.
struct EntryDeletion {
    private let deletedIDs: [String]
    private let failures: [Spire_Api_Server_Entry_V1_BatchDeleteEntryResponse.Result]

    init(results: [Spire_Api_Server_Entry_V1_BatchDeleteEntryResponse.Result]) {
        deletedIDs = results.filter { $0.status.code == 0 }.map(\.id)
        failures = results.filter { $0.status.code != 0 }
    }

    /// Empty when all failed.
    var succeeded: String {
        guard !deletedIDs.isEmpty else { return "" }
        return deletedIDs.map { "Deleted entry with ID: \($0)\n" }.joined() + "\n\n"
    }

    /// Empty when none failed.
    var failed: String {
        failures.map { "Failed to delete entry with ID \($0.id) \(GoText.failure($0.status))\n" }.joined()
    }

    var summary: String {
        guard !failures.isEmpty else { return "Deleted \(deletedIDs.count) entries successfully\n" }
        guard !deletedIDs.isEmpty else { return "\n\nFailed to delete \(failures.count) entries\n" }
        return "\n\nDeleted \(deletedIDs.count) entries successfully, but failed to delete \(failures.count) entries\n"
    }
}
