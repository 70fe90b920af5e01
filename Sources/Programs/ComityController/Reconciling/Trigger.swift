// SPDX-License-Identifier: Apache-2.0

/// Wakes a reconciler. A pull during a pass is kept for the next one; several count as one.
package final class Trigger: Sendable {
    let pulls: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    package init() {
        (pulls, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    package func pull() {
        continuation.yield()
    }

    /// No pass begins after this.
    func finish() {
        continuation.finish()
    }
}
