// SPDX-License-Identifier: Apache-2.0

/// Writes values in D-Bus's binary form, little endian.
struct DBusWriter {
    private(set) var bytes: [UInt8] = []

    mutating func align(_ boundary: Int) {
        while !bytes.count.isMultiple(of: boundary) { bytes.append(0) }
    }

    mutating func append(byte: UInt8) { bytes.append(byte) }

    mutating func append(number: UInt32) {
        align(4)
        bytes += stride(from: 0, through: 24, by: 8).map { UInt8(number >> $0 & 0xFF) }
    }

    mutating func append(_ value: DBusValue) {
        switch value {
        case .uint32(let number): append(number: number)
        case .string(let text), .objectPath(let text):
            append(number: UInt32(text.utf8.count))
            bytes += text.utf8
            bytes.append(0)
        case .signature(let text):
            bytes.append(UInt8(text.utf8.count))
            bytes += text.utf8
            bytes.append(0)
        case .variant(let inner):
            append(.signature(inner.signature))
            append(inner)
        }
    }
}
