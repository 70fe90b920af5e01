// SPDX-License-Identifier: Apache-2.0

/// Complete states, the newest one whenever it is asked for.
///
/// A state that nobody took before the next one came is passed over. Each iteration is on its own.
public struct StateUpdates<State: Sendable>: AsyncSequence, Sendable {
    /// A complete state.
    public typealias Element = State

    private let begin: @Sendable () -> AsyncThrowingStream<State, any Error>

    init(_ begin: @escaping @Sendable () -> AsyncThrowingStream<State, any Error>) {
        self.begin = begin
    }

    /// Begins an iteration, which ends with the iterator or with the iterating task.
    public func makeAsyncIterator() -> Iterator {
        Iterator(base: begin().makeAsyncIterator())
    }

    /// One iteration.
    public struct Iterator: AsyncIteratorProtocol {
        private var base: AsyncThrowingStream<State, any Error>.Iterator

        init(base: AsyncThrowingStream<State, any Error>.Iterator) {
            self.base = base
        }

        /// Waits for a state that is newer than the one before.
        ///
        /// - Returns: The newest state, or `nil` when no more will come.
        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws -> State? {
            try await base.next(isolation: actor)
        }
    }
}
