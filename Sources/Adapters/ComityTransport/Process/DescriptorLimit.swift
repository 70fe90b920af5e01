// SPDX-License-Identifier: Apache-2.0

import Glibc

/// How many descriptors this process may have open.
package enum DescriptorLimit {
    /// More than any server needs; closing inherited descriptors one by one takes long where the limit is far higher.
    private static let enough: rlim_t = 1 << 18

    /// Raises the limit as far as an unprivileged process may, and answers with what it is now.
    ///
    /// A listener that runs out of descriptors can neither accept nor refuse.
    @discardableResult
    package static func raise() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        let wanted = min(limit.rlim_max, enough)
        if limit.rlim_cur < wanted {
            limit.rlim_cur = wanted
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        return current
    }

    package static var current: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        return Int(clamping: limit.rlim_cur)
    }
}
