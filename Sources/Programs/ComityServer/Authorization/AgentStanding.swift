// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import FoundationEssentials

/// Whether a certificate makes its holder an agent that may act now.
package enum AgentStanding: Hashable, Sendable {
    case active
    /// A renewed certificate is used for the first time: it is the current one from now on.
    case activates
    case refused(Reason)

    package enum Reason: Hashable, Sendable {
        case expired, notAttested, banned, notActive

        /// SPIRE's log line.
        package var message: String {
            switch self {
            case .expired: "Agent SVID is expired"
            case .notAttested: "Agent is not attested"
            case .banned: "Agent is banned"
            case .notActive: "Agent SVID is not active"
            }
        }
    }

    /// - Parameters:
    ///   - node: What the registry knows of the certificate's ID.
    ///   - serial: Of the certificate, decimal.
    ///   - expiresAt: Of the certificate.
    package init(node: AttestedNode?, serial: String, expiresAt: Date, now: Date) {
        guard now <= expiresAt else {
            self = .refused(.expired)
            return
        }
        guard let node else {
            self = .refused(.notAttested)
            return
        }
        self =
            switch serial {
            case _ where node.isBanned: .refused(.banned)
            case node.serialNumber: .active
            case node.newSerialNumber: .activates
            default: .refused(.notActive)
            }
    }
}

extension AttestedNode {
    /// Makes the renewed certificate the current one, if it is the one with this serial.
    package mutating func activate(serial: String) {
        guard !isBanned, newSerialNumber == serial else { return }
        serialNumber = serial
        expiresAt = newExpiresAt ?? expiresAt
        newSerialNumber = nil
        newExpiresAt = nil
    }
}
