// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

extension DERWriter {
    /// A Time as RFC 5280 §4.1.2.5 wants it: UTCTime through 2049, GeneralizedTime after. Fractions of seconds are cut.
    mutating func prepend(time date: Date) {
        let seconds = Int(date.timeIntervalSince1970.rounded(.down))
        let day = seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400
        let time = seconds - day * 86400
        let (year, month, dayOfMonth) = Self.civil(daysSince1970: day)
        let mark = count
        prepend(UInt8(ascii: "Z"))
        for part in [time % 60, time / 60 % 60, time / 3600, dayOfMonth, month, year % 100] {
            prepend(UInt8(ascii: "0") + UInt8(part % 10))
            prepend(UInt8(ascii: "0") + UInt8(part / 10))
        }
        if (1950..<2050).contains(year) {
            wrap(tag: 0x17, since: mark)
        } else {
            prepend(UInt8(ascii: "0") + UInt8(year / 100 % 10))
            prepend(UInt8(ascii: "0") + UInt8(year / 1000 % 10))
            wrap(tag: 0x18, since: mark)
        }
    }

    /// Days to a date of the Gregorian calendar, by eras of 400 years that begin on 1 March.
    private static func civil(daysSince1970: Int) -> (year: Int, month: Int, day: Int) {
        let days = daysSince1970 + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
