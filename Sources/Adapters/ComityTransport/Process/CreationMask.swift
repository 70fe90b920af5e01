// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What files that this process makes do not grant to others.
package enum CreationMask {
    private static let minimum: mode_t = 0o027

    /// Makes the mask at least 0027 and answers with the old one and the new one when it had to be changed.
    package static func tighten() -> (old: UInt32, new: UInt32)? {
        let old = umask(minimum)
        let new = old | minimum
        umask(new)
        return old == new ? nil : (old, new)
    }
}
