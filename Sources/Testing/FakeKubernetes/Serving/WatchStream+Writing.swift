// SPDX-License-Identifier: Apache-2.0

import NIOCore

extension WatchStream {
    /// Writes everything until the time is up, the store lets go of the watch, or the client goes away.
    func write(_ write: (ByteBuffer) async throws -> Void) async throws {
        for line in first { try await write(ByteBuffer(bytes: line)) }
        let (wanted, stop) = AsyncStream<StoreSignal>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await signal in signals { stop.yield(signal) }
                stop.finish()
            }
            group.addTask {
                try await Task.sleep(for: timeout)
                stop.finish()
            }
            for await signal in wanted {
                if let line = line(for: signal) { try await write(ByteBuffer(bytes: line)) }
            }
            group.cancelAll()
        }
    }
}
