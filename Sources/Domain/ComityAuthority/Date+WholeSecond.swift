// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

extension Date {
    /// Certificates and tokens know no fractions of seconds.
    var wholeSecond: Date {
        Date(timeIntervalSince1970: timeIntervalSince1970.rounded(.down))
    }
}
