// SPDX-License-Identifier: Apache-2.0

/// The fields of one protobuf message, in the order in which they came.
struct ProtobufMessage {
    enum Value {
        case number(UInt64)
        case bytes([UInt8])
    }

    struct Malformed: Error {}

    private(set) var fields: [(number: Int, value: Value)] = []

    init(_ bytes: some Sequence<UInt8>) throws(Malformed) {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let tag = try Self.number(&rest)
            switch tag & 7 {
            case 0: fields.append((Int(tag >> 3), .number(try Self.number(&rest))))
            case 2:
                let length = Int(truncatingIfNeeded: try Self.number(&rest))
                guard (0...rest.count).contains(length) else { throw Malformed() }
                fields.append((Int(tag >> 3), .bytes(Array(rest.prefix(length)))))
                rest = rest.dropFirst(length)
            default: throw Malformed()
            }
        }
    }

    private static func number(_ rest: inout ArraySlice<UInt8>) throws(Malformed) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 64, by: 7) {
            guard let byte = rest.popFirst() else { throw Malformed() }
            value |= UInt64(byte & 0x7F) << UInt64(shift)
            if byte & 0x80 == 0 { return value }
        }
        throw Malformed()
    }
}
