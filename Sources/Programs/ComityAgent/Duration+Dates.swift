// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

extension Duration {
    /// The time from now to a date; zero when it has passed.
    static func until(_ date: Date) -> Duration {
        .seconds(max(0, date.timeIntervalSinceNow))
    }
}
