// SPDX-License-Identifier: Apache-2.0

/// States of one kind, from the present one on. It ends when it is ended, cancelled or let go.
package struct Subscription<State: Sendable>: Sendable {
    package let updates: AsyncStream<State>
    private let slot: AsyncStream<State>.Continuation

    init(updates: AsyncStream<State>, slot: AsyncStream<State>.Continuation) {
        self.updates = updates
        self.slot = slot
    }

    package func end() {
        slot.finish()
    }
}
