// SPDX-License-Identifier: Apache-2.0

/// A JSON number, kept as it was written.
///
/// Sequence numbers use all 64 bits, which a double does not hold (Trust Domain and Bundle §4.1.1), so nothing is
/// converted before somebody asks for a type. Two numbers are equal when their texts are.
public struct JSONNumber: Hashable, Sendable {
    /// The number in JSON's grammar.
    public let text: String

    /// Takes a text that is known to follow JSON's grammar.
    init(validated text: String) {
        self.text = text
    }

    /// Makes a number from an integer.
    public init(_ value: some BinaryInteger) {
        text = String(value)
    }

    /// Makes a number from a double, unless it is infinite or not a number, which JSON cannot express.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        if let integer = Int64(exactly: value) {
            text = String(integer)
        } else {
            text = "\(value)"
        }
    }

    /// The value as an unsigned integer, when it is written without fraction and exponent and fits 64 bits.
    public var unsigned: UInt64? {
        UInt64(text)
    }

    /// The value as a signed integer, when it is written without fraction and exponent and fits 64 bits.
    public var signed: Int64? {
        Int64(text)
    }

    /// Whether the number is written without fraction and exponent, whatever its size.
    public var isInteger: Bool {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-") }
    }

    /// The nearest double, when it is finite.
    public var double: Double? {
        Double(text).flatMap { $0.isFinite ? $0 : nil }
    }
}

extension JSONNumber: CustomStringConvertible {
    /// The number as it is written.
    public var description: String { text }
}
