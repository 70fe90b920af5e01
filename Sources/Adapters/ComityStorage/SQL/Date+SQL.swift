// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

extension Date: SQLConvertible {
    /// Tables hold seconds since 1970.
    var sqlValue: SQLValue { .real(timeIntervalSince1970) }

    init?(_ value: SQLValue) {
        guard let seconds = Double(value) else { return nil }
        self.init(timeIntervalSince1970: seconds)
    }
}
