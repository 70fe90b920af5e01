// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

extension Date? {
    /// Whole seconds since 1970; 0 when there is no date.
    package var unixSeconds: Int64 {
        guard let self else { return 0 }
        return Int64(exactly: self.timeIntervalSince1970.rounded(.down)) ?? 0
    }
}

extension Date {
    /// `nil` for 0, which stands for no date.
    package init?(unixSeconds: Int64) {
        guard unixSeconds != 0 else { return nil }
        self.init(timeIntervalSince1970: Double(unixSeconds))
    }
}
