// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What files and folders that this process makes do not grant to others.
package enum CreationMask {
    /// Nothing for others, and nothing that the group may write.
    private static let minimum: mode_t = 0o027

    /// Makes the mask at least 0027, and answers with the old and the new one in octal when it had to be changed.
    package static func tighten() -> (old: String, new: String)? {
        let old = umask(minimum)
        let new = old | minimum
        umask(new)
        return old == new ? nil : (octal(old), octal(new))
    }

    private static func octal(_ mask: mode_t) -> String {
        "0" + String(mask, radix: 8)
    }
}
