// SPDX-License-Identifier: Apache-2.0

/// Writes DER from the end to the beginning, so that every length is known when it is written.
struct DERWriter {
    private var buffer: [UInt8]
    private var start: Int

    init(capacity: Int) {
        buffer = [UInt8](repeating: 0, count: capacity)
        start = capacity
    }

    /// How many bytes are written; take it before the content of a value and hand it to ``wrap(tag:since:)``.
    var count: Int { buffer.count - start }

    var bytes: [UInt8] { Array(buffer[start...]) }

    mutating func prepend(_ bytes: some Collection<UInt8>) {
        reserve(bytes.count)
        start -= bytes.count
        var index = start
        for byte in bytes {
            buffer[index] = byte
            index += 1
        }
    }

    mutating func prepend(_ byte: UInt8) {
        reserve(1)
        start -= 1
        buffer[start] = byte
    }

    /// Puts tag and length before what was written since `mark`.
    mutating func wrap(tag: UInt8, since mark: Int) {
        let length = count - mark
        if length < 0x80 {
            prepend(UInt8(length))
        } else {
            var rest = length
            var lengthBytes: UInt8 = 0
            while rest > 0 {
                prepend(UInt8(truncatingIfNeeded: rest))
                rest >>= 8
                lengthBytes += 1
            }
            prepend(0x80 | lengthBytes)
        }
        prepend(tag)
    }

    mutating func prepend(tag: UInt8, _ content: some Collection<UInt8>) {
        let mark = count
        prepend(content)
        wrap(tag: tag, since: mark)
    }

    /// An INTEGER from big-endian bytes that may begin with zeros.
    mutating func prepend(unsignedInteger bytes: some Collection<UInt8>) {
        let mark = count
        let significant = bytes.drop { $0 == 0 }
        prepend(significant)
        if significant.first.map({ $0 >= 0x80 }) ?? true {
            prepend(0)
        }
        wrap(tag: 0x02, since: mark)
    }

    private mutating func reserve(_ size: Int) {
        guard start < size else { return }
        let growth = max(buffer.count, size)
        buffer.insert(contentsOf: repeatElement(0, count: growth), at: 0)
        start += growth
    }
}
