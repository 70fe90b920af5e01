// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import GRDB

extension Date {
    /// As the tables hold it.
    var seconds: Double { timeIntervalSince1970 }
}

extension Row {
    func date(_ column: String) -> Date? {
        (self[column] as Double?).map { Date(timeIntervalSince1970: $0) }
    }
}
