// SPDX-License-Identifier: Apache-2.0

import CPostgres

/// Bound parameters as libpq wants them. Types are told by the statement.
struct PostgresParameters {
    private static let textType: UInt32 = 25
    private static let integerType: UInt32 = 20

    private var bytes: [UInt8] = []
    /// Where each begins; `nil` for null.
    private var starts: [Int?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    init(_ arguments: [SQLDialect.Argument]) {
        for argument in arguments { append(argument) }
    }

    private mutating func append(_ argument: SQLDialect.Argument) {
        switch argument {
        case .value(.null):
            starts.append(nil)
            lengths.append(0)
            formats.append(0)
        // As text these fit whatever type of number the statement has there.
        case .value(.integer(let integer)): append(Array(String(integer).utf8) + [0], isBinary: false)
        case .value(.real(let real)): append(Array(String(real).utf8) + [0], isBinary: false)
        case .value(.flag(let flag)): append([flag ? 116 : 102, 0], isBinary: false)
        // With its length: a NUL is refused by the server, not taken for the end.
        case .value(.text(let text)): append(Array(text.utf8), isBinary: true)
        case .value(.bytes(let bytes)): append(bytes, isBinary: true)
        case .texts(let texts): append(Self.array(of: Self.textType, texts.map { Array($0.utf8) }), isBinary: true)
        case .integers(let integers):
            append(Self.array(of: Self.integerType, integers.map(\.bigEndianBytes)), isBinary: true)
        }
    }

    private mutating func append(_ value: [UInt8], isBinary: Bool) {
        starts.append(bytes.count)
        lengths.append(Int32(value.count))
        formats.append(isBinary ? 1 : 0)
        bytes += value
    }

    /// An array of one dimension in the wire's binary form.
    private static func array(of type: UInt32, _ elements: [[UInt8]]) -> [UInt8] {
        let dimensions: UInt32 = elements.isEmpty ? 0 : 1
        var bytes = dimensions.bigEndianBytes + UInt32(0).bigEndianBytes + type.bigEndianBytes
        guard !elements.isEmpty else { return bytes }
        bytes += UInt32(elements.count).bigEndianBytes + UInt32(1).bigEndianBytes
        for element in elements { bytes += UInt32(element.count).bigEndianBytes + element }
        return bytes
    }

    /// Calls with count, values, lengths and formats.
    func withPointers<Result>(
        _ body: (Int32, [UnsafePointer<CChar>?], [Int32], [Int32]) -> Result
    ) -> Result {
        // Never empty, so that there is an address for an empty value too.
        (bytes + [0]).withUnsafeBytes { buffer in
            let base = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            let values = starts.map { start in start.flatMap { base?.advanced(by: $0) } }
            return body(Int32(values.count), values, lengths, formats)
        }
    }
}

extension FixedWidthInteger {
    var bigEndianBytes: [UInt8] {
        withUnsafeBytes(of: bigEndian) { Array($0) }
    }

    init(bigEndianBytes bytes: UnsafeRawBufferPointer) {
        self = bytes.reduce(0) { $0 << 8 | Self(truncatingIfNeeded: $1) }
    }
}
