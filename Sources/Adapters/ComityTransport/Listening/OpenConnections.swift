// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// The open connections of a listener, until it is told to close them.
struct OpenConnections {
    private var channels: [UInt64: any Channel]? = [:]

    /// - Returns: Whether the connection may stay.
    mutating func insert(_ channel: any Channel, id: UInt64) -> Bool {
        channels?[id] = channel
        return channels != nil
    }

    mutating func remove(_ id: UInt64) {
        channels?[id] = nil
    }

    /// Gives up all connections; none may come after that.
    mutating func close() -> [any Channel] {
        defer { channels = nil }
        return channels.map { Array($0.values) } ?? []
    }
}
