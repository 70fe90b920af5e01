// SPDX-License-Identifier: Apache-2.0

/// Numbers as HCL writes them: decimal, `0x` hexadecimal, octal with a leading zero, fractions and exponents.
enum NumberText {
    /// The number in decimal notation; nil when the word is not a number.
    static func decimal(_ word: String) -> String? {
        let isNegative = word.utf8.first == UInt8(ascii: "-")
        let digits = word.utf8.dropFirst(isNegative ? 1 : 0)
        guard let first = digits.first, SourceCursor.isDigit(first) else { return nil }
        if let integer = integer(Substring(digits)) {
            return String(isNegative ? -integer : integer)
        }
        guard !digits.contains(UInt8(ascii: "x")), let number = Double(word), number.isFinite else { return nil }
        return word
    }

    private static func integer(_ text: Substring) -> Int? {
        let lowered = text.lowercased()
        if lowered.hasPrefix("0x") { return Int(lowered.dropFirst(2), radix: 16) }
        if lowered.count > 1, lowered.hasPrefix("0") { return Int(lowered, radix: 8) }
        return Int(lowered)
    }
}
