// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Puts a text into a file, and says whether that worked.
func write(_ text: String, to path: String, mode: Int = 0o600) -> Bool {
    FileManager.default.createFile(atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: mode])
}
