// SPDX-License-Identifier: Apache-2.0

extension [UInt8] {
    /// Lower-case hexadecimal digits.
    package var hex: String {
        String(decoding: flatMap { [Self.digits[Int($0 >> 4)], Self.digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
