// SPDX-License-Identifier: Apache-2.0

/// Where a listener ended up.
package enum BoundAddress: Hashable, Sendable {
    case unix(path: String)
    case tcp(host: String, port: Int)

    /// The TCP port; `nil` for Unix sockets.
    package var port: Int? {
        guard case .tcp(_, let port) = self else { return nil }
        return port
    }
}

extension BoundAddress: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unix(let path): path
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }
}
