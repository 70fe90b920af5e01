// SPDX-License-Identifier: Apache-2.0

/// Reads the lengths of gRPC messages off a stream of bytes, without keeping the messages.
struct MessageLengths: Hashable, Sendable {
    /// A flag of compression, then the length, most significant byte first.
    private static let headerLength = 5

    private var header: [UInt8] = []
    /// Of the present message.
    private var missing = 0

    /// Takes what came next.
    ///
    /// - Returns: The length of the longest message that began in it; 0 when none did.
    mutating func take(_ bytes: some Collection<UInt8>) -> Int {
        var longest = 0
        var bytes = bytes[...]
        while !bytes.isEmpty {
            if missing > 0 {
                let count = min(missing, bytes.count)
                missing -= count
                bytes = bytes.dropFirst(count)
            } else {
                let part = bytes.prefix(Self.headerLength - header.count)
                header += part
                bytes = bytes.dropFirst(part.count)
                guard header.count == Self.headerLength else { continue }
                missing = header.dropFirst().reduce(0) { $0 << 8 | Int($1) }
                longest = max(longest, missing)
                header = []
            }
        }
        return longest
    }
}
