// SPDX-License-Identifier: Apache-2.0

package import ComityWorkloads

/// The states of one workload, from the present one on. It ends when it is ended, cancelled or let go.
package struct WorkloadSubscription: Sendable {
    package let updates: AsyncStream<WorkloadUpdate>
    private let slot: AsyncStream<WorkloadUpdate>.Continuation

    init(updates: AsyncStream<WorkloadUpdate>, slot: AsyncStream<WorkloadUpdate>.Continuation) {
        self.updates = updates
        self.slot = slot
    }

    package func end() {
        slot.finish()
    }
}
