// SPDX-License-Identifier: Apache-2.0

/// Decides whether a request is made again.
struct RetryRule: Hashable, Sendable {
    enum Action: Hashable, Sendable {
        /// What came is the answer.
        case accept
        case repeatRequest(after: Duration)
    }

    static let maximumRepeats = 4
    /// A server that wants a longer pause gets it from whoever asks next.
    static let maximumWait = Duration.seconds(15)

    /// Whether making the request twice does no harm.
    let isRead: Bool
    private var repeats = 0

    init(isRead: Bool) {
        self.isRead = isRead
    }

    /// - Parameter retryAfter: The header of that name.
    mutating func answered(status: Int, retryAfter: String?) -> Action {
        switch status {
        // The server has not begun with it, whatever it was.
        case 429: break
        case 503 where isRead: break
        default: return .accept
        }
        let wait = retryAfter.flatMap { Int($0) }.map { Duration.seconds(max(0, $0)) } ?? .seconds(1)
        guard wait <= Self.maximumWait else { return .accept }
        return repeatRequest(after: wait)
    }

    /// No whole answer came.
    mutating func failed(isConnection: Bool) -> Action {
        guard isRead, isConnection, repeats == 0 else { return .accept }
        return repeatRequest(after: .zero)
    }

    private mutating func repeatRequest(after wait: Duration) -> Action {
        guard repeats < Self.maximumRepeats else { return .accept }
        repeats += 1
        return .repeatRequest(after: wait)
    }
}
