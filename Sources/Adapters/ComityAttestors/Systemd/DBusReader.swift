// SPDX-License-Identifier: Apache-2.0

import ComityAttestation

/// Reads values in D-Bus's binary form, never past the end. Alignment counts from the start of the message.
struct DBusReader {
    private static let maximumDepth = 4

    private let bytes: [UInt8]
    private let isLittleEndian: Bool
    private(set) var position: Int

    init(_ bytes: [UInt8], isLittleEndian: Bool, at position: Int = 0) {
        self.bytes = bytes
        self.isLittleEndian = isLittleEndian
        self.position = position
    }

    mutating func align(_ boundary: Int) {
        position += (boundary - position % boundary) % boundary
    }

    mutating func byte() throws(AttestationError) -> UInt8 {
        try take(1).first ?? 0
    }

    mutating func number() throws(AttestationError) -> UInt32 {
        align(4)
        let digits = try take(4)
        return (isLittleEndian ? Array(digits.reversed()) : Array(digits)).reduce(0) { $0 << 8 | UInt32($1) }
    }

    mutating func value(_ type: Character, depth: Int = 0) throws(AttestationError) -> DBusValue {
        switch type {
        case "u": return .uint32(try number())
        case "s": return .string(try text(Int(try number())))
        case "o": return .objectPath(try text(Int(try number())))
        case "g": return .signature(try text(Int(try byte())))
        case "v":
            guard depth < Self.maximumDepth, case .signature(let inner) = try value("g"), inner.count == 1,
                let type = inner.first
            else { throw Self.malformed("variant is of a type that is not expected") }
            return .variant(try value(type, depth: depth + 1))
        default: throw Self.malformed("value is of a type that is not expected")
        }
    }

    private mutating func text(_ count: Int) throws(AttestationError) -> String {
        let content = try take(count)
        guard let text = String(validating: content, as: UTF8.self), try byte() == 0 else {
            throw Self.malformed("text is not UTF-8 or does not end")
        }
        return text
    }

    private mutating func take(_ count: Int) throws(AttestationError) -> ArraySlice<UInt8> {
        guard position <= bytes.count, count <= bytes.count - position else {
            throw Self.malformed("message is cut off")
        }
        defer { position += count }
        return bytes[position..<position + count]
    }

    static func malformed(_ reason: String) -> AttestationError {
        AttestationError(.internalError, "D-Bus: \(reason)")
    }
}
