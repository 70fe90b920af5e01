// SPDX-License-Identifier: Apache-2.0

/// Decides whether and when a failed transaction is tried again, and how.
///
/// The first attempts run beside other transactions. When others were in the way too often, the next ones keep all others
/// out, so that even a transaction that conflicts with every other one comes to its turn.
struct TransactionRetries: Hashable, Sendable {
    private static let attemptsBesideOthers = 3
    private static let limit = 6
    private static let firstPause = Duration.milliseconds(10)

    private var conflicts = 0
    private var hasChangedConnection = false

    var runsAlone: Bool { conflicts >= Self.attemptsBesideOthers }

    /// - Parameter random: from 0 up to 1.
    /// - Returns: how long to wait before the next attempt; `nil` when there is to be none.
    mutating func pause(after failure: PostgresError.Kind, random: Double) -> Duration? {
        switch failure {
        case .conflict:
            conflicts += 1
            guard conflicts < Self.limit else { return nil }
            return Self.firstPause * Double(1 << conflicts) * random
        case .stalePlan, .lostStatement, .lost:
            // Other connections that were open then are no better; a new one shows how things are.
            guard !hasChangedConnection else { return nil }
            hasChangedConnection = true
            return .zero
        case .unavailable, .tooLong, .other:
            return nil
        }
    }
}
