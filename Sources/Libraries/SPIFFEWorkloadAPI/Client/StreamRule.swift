// SPDX-License-Identifier: Apache-2.0

/// Decides what follows when a stream of the Workload API ends (Workload Endpoint §6).
struct StreamRule: Hashable, Sendable {
    enum Action: Equatable {
        /// Open the stream again.
        case reopen(after: Duration, dropsMaterial: Bool)
        /// Repeating the call is no use.
        case giveUp
    }

    let backoff: ReconnectBackoff
    private var failures = 0

    init(backoff: ReconnectBackoff) {
        self.backoff = backoff
    }

    mutating func messageReceived() {
        failures = 0
    }

    /// - Parameter code: `nil` when the agent closed the stream without a complaint.
    mutating func streamEnded(_ code: WorkloadAPIError.Code?) -> Action {
        switch code {
        case .invalidArgument?, .unimplemented?, .cancelled?:
            return .giveUp
        default:
            failures += 1
            return .reopen(
                after: min(backoff.step * failures, backoff.maximum), dropsMaterial: code == .permissionDenied)
        }
    }
}
