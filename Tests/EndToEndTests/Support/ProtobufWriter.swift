// SPDX-License-Identifier: Apache-2.0

/// Protobuf fields by their numbers, apart from any definition of ours.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ field: UInt64, _ value: some BinaryInteger) {
        append(field << 3)
        append(UInt64(value))
    }

    mutating func add(_ field: UInt64, _ content: some Sequence<UInt8>) {
        let content = Array(content)
        append(field << 3 | 2)
        append(UInt64(content.count))
        bytes += content
    }

    mutating func add(_ field: UInt64, message: (inout ProtobufWriter) -> Void) {
        add(field, Self.message(message))
    }

    static func message(_ write: (inout ProtobufWriter) -> Void) -> [UInt8] {
        var writer = ProtobufWriter()
        write(&writer)
        return writer.bytes
    }

    private mutating func append(_ value: UInt64) {
        var rest = value
        while rest > 0x7F {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
