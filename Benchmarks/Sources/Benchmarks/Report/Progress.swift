// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Tells on standard error how far it is; standard output has the result only.
func log(_ text: String) {
    FileHandle.standardError.write(Data("==> \(text)\n".utf8))
}
