// SPDX-License-Identifier: Apache-2.0

import ServerAPIProtos

/// What became of each entry that was to be deleted, for people.
struct EntryDeletion {
    let results: [Spire_Api_Server_Entry_V1_BatchDeleteEntryResponse.Result]

    var succeeded: String {
        let deleted = results.filter { $0.status.code == 0 }
        let lines = deleted.map { "Deleted entry with ID: \($0.id)\n" }.joined()
        guard results.count > 1 else { return lines }
        return lines + "\nDeleted \(deleted.count) entries successfully\n"
    }

    /// Empty when none failed.
    var failed: String {
        results.filter { $0.status.code != 0 }
            .map { "Failed to delete entry with ID \($0.id) \(GoText.failure($0.status))\n" }.joined()
    }
}
