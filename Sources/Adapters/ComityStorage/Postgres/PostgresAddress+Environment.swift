// SPDX-License-Identifier: Apache-2.0

import Glibc

extension PostgresAddress {
    /// What libpq would read from the environment.
    static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
