// SPDX-License-Identifier: Apache-2.0

/// Strict base64 in its two alphabets (RFC 4648 §4 and §5).
///
/// Exactly one text stands for given bytes: white space, missing or additional padding, letters of the other alphabet and
/// left-over bits that are not zero are refused, so that a signed text cannot be respelled.
package struct Base64: Sendable {
    /// `+` and `/`, padded: certificates in `x5c` and PEM.
    package static let standard = Base64(last: ("+", "/"), isPadded: true)

    /// `-` and `_`, without padding: everything in JWS and JWK.
    package static let url = Base64(last: ("-", "_"), isPadded: false)

    private static let padding = UInt8(ascii: "=")
    private static let invalid: UInt8 = 0xFF

    private let letters: [UInt8]
    private let values: [UInt8]
    private let isPadded: Bool

    private init(last: (Unicode.Scalar, Unicode.Scalar), isPadded: Bool) {
        letters =
            Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
            + [UInt8(ascii: last.0), UInt8(ascii: last.1)]
        var values = [UInt8](repeating: Self.invalid, count: 256)
        for (value, letter) in letters.enumerated() {
            values[Int(letter)] = UInt8(value)
        }
        self.values = values
        self.isPadded = isPadded
    }

    /// The text that stands for the bytes.
    package func encode(_ bytes: some Collection<UInt8>) -> String {
        // Generic code of another module is slow by the byte, so it hands over a buffer.
        bytes.withContiguousStorageIfAvailable(encode(buffer:)) ?? Array(bytes).withUnsafeBufferPointer(encode(buffer:))
    }

    /// The bytes that a text stands for, or `nil` when it is not the one text for any bytes.
    package func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        text.withContiguousStorageIfAvailable(decode(buffer:)) ?? Array(text).withUnsafeBufferPointer(decode(buffer:))
    }

    /// The bytes that a text stands for, or `nil` when it is not the one text for any bytes.
    package func decode(_ text: String) -> [UInt8]? {
        decode(text.utf8)
    }

    private func encode(buffer: UnsafeBufferPointer<UInt8>) -> String {
        let length = isPadded ? (buffer.count + 2) / 3 * 4 : (buffer.count * 4 + 2) / 3
        return String(unsafeUninitializedCapacity: length) { text in
            var written = 0
            var bits: UInt32 = 0
            var pending = 0
            for byte in buffer {
                bits = bits << 8 | UInt32(byte)
                pending += 8
                while pending >= 6 {
                    pending -= 6
                    text[written] = letters[Int(bits >> pending & 0x3F)]
                    written += 1
                }
            }
            if pending > 0 {
                text[written] = letters[Int(bits << (6 - pending) & 0x3F)]
                written += 1
            }
            while written < length {
                text[written] = Self.padding
                written += 1
            }
            return written
        }
    }

    private func decode(buffer: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var length = buffer.count
        if isPadded {
            guard length.isMultiple(of: 4) else { return nil }
            while length > buffer.count - 2, length > 0, buffer[length - 1] == Self.padding { length -= 1 }
        }
        guard length % 4 != 1 else { return nil }
        return decode(letters: buffer[..<length], into: length * 6 / 8)
    }

    private func decode(letters: Slice<UnsafeBufferPointer<UInt8>>, into count: Int) -> [UInt8]? {
        var bits: UInt32 = 0
        var pending = 0
        var isValid = true
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { bytes, written in
            for letter in letters {
                let value = values[Int(letter)]
                guard value != Self.invalid else {
                    isValid = false
                    return
                }
                bits = bits << 6 | UInt32(value)
                pending += 6
                if pending >= 8 {
                    pending -= 8
                    bytes[written] = UInt8(truncatingIfNeeded: bits >> pending)
                    written += 1
                }
            }
        }
        let leftOver = bits & (1 << pending - 1)
        return isValid && leftOver == 0 ? bytes : nil
    }
}
