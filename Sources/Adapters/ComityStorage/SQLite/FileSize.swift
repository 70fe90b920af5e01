// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// How large a file is.
enum FileSize {
    /// In bytes; `nil` when there is no such file.
    static func of(_ path: String) -> Int? {
        try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    }
}
