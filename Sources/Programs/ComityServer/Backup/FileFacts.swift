// SPDX-License-Identifier: Apache-2.0

import CLinux
import FoundationEssentials

/// What is known of a file without reading it.
struct FileFacts: Hashable {
    var size: Int64 = 0
    var owner: UInt32 = 0
    var written = Date(timeIntervalSince1970: 0)

    /// `nil` when nothing can be known.
    init?(of path: String) {
        var seconds: Int64 = 0
        guard comity_file_facts(path, &size, &owner, &seconds) == 0 else { return nil }
        written = Date(timeIntervalSince1970: TimeInterval(seconds))
    }
}
