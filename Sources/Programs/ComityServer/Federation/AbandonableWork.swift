// SPDX-License-Identifier: Apache-2.0

/// Work of a child task that can be given up from outside, without giving up its siblings.
struct AbandonableWork: Sendable {
    private let signal: AsyncStream<Never>
    private let sender: AsyncStream<Never>.Continuation

    init() {
        (signal, sender) = AsyncStream.makeStream()
    }

    /// Makes ``perform(_:)`` cancel its work.
    func abandon() {
        sender.finish()
    }

    /// - Returns: the result of the work, or `nil` when it was given up or the task cancelled.
    func perform<Result: Sendable>(_ work: @escaping @Sendable () async -> Result?) async -> Result? {
        await withTaskGroup(of: Result?.self) { group in
            group.addTask { await work() }
            group.addTask { [signal] in
                for await _ in signal {}
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }
}
