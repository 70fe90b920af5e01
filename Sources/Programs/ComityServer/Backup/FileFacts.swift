// SPDX-License-Identifier: Apache-2.0

import CLinux
import FoundationEssentials

/// What is known of a file without reading it.
struct FileFacts: Hashable {
    let size: Int64
    let owner: UInt32
    let written: Date

    /// `nil` when nothing can be known.
    init?(of path: String) {
        var file = comity_file()
        guard comity_file_at(path, &file) == 0 else { return nil }
        size = file.size
        owner = file.owner
        written = Date(timeIntervalSince1970: TimeInterval(file.modified / 1_000_000_000))
    }
}
