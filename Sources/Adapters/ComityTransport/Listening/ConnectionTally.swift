// SPDX-License-Identifier: Apache-2.0

/// Counts the open connections of one listener and says who may still come in.
struct ConnectionTally {
    enum Decision: Hashable {
        case admit
        case refuse(reason: String)
    }

    let maximumConnections: Int
    let maximumConnectionsPerUser: Int

    private(set) var connections = 0
    private var connectionsByUser: [UInt32: Int] = [:]

    init(maximumConnections: Int, maximumConnectionsPerUser: Int) {
        self.maximumConnections = maximumConnections
        self.maximumConnectionsPerUser = maximumConnectionsPerUser
    }

    /// A connection was accepted. Once admitted it must be reported to ``closed(user:)``.
    ///
    /// - Parameter user: The peer's user ID on Unix sockets.
    mutating func accepted(user: UInt32?) -> Decision {
        guard connections < maximumConnections else {
            return .refuse(reason: "too many connections")
        }
        if let user {
            let count = connectionsByUser[user, default: 0]
            guard user == 0 || count < maximumConnectionsPerUser else {
                return .refuse(reason: "too many connections of one user")
            }
            connectionsByUser[user] = count + 1
        }
        connections += 1
        return .admit
    }

    mutating func closed(user: UInt32?) {
        connections -= 1
        guard let user, let count = connectionsByUser[user] else { return }
        connectionsByUser[user] = count > 1 ? count - 1 : nil
    }
}
