// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

/// Who may call which method. What is not listed, nobody may call.
package struct AuthorizationPolicy: Sendable {
    /// One kind of caller that a method is open to.
    package struct Grants: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// Everyone, without proof of anything.
        package static let anyone = Grants(rawValue: 1 << 0)
        package static let local = Grants(rawValue: 1 << 1)
        package static let admin = Grants(rawValue: 1 << 2)
        package static let downstream = Grants(rawValue: 1 << 3)
        package static let agent = Grants(rawValue: 1 << 4)
    }

    /// What makes the call permitted, as SPIRE logs it.
    package enum Authorization: Hashable, Sendable {
        case anyone, local, adminByConfiguration, adminByEntry, allowList, downstream, agent

        package var authorizedAs: String {
            switch self {
            case .anyone: "nobody"
            case .local: "local"
            case .adminByConfiguration, .adminByEntry: "admin"
            case .allowList: "allowed"
            case .downstream: "downstream"
            case .agent: "agent"
            }
        }

        package var authorizedVia: String {
            switch self {
            case .anyone: ""
            case .local: "transport"
            case .adminByConfiguration, .allowList: "config"
            case .adminByEntry, .downstream: "entries"
            case .agent: "datastore"
            }
        }
    }

    package enum Decision: Hashable, Sendable {
        case allow(Authorization)
        /// Permitted when the caller proves to be an active agent, and not otherwise.
        case allowActiveAgent
        case deny
    }

    private let grants: [String: Grants]
    /// Methods that single callers may call besides.
    private var allowList: [SPIFFEID: Set<String>] = [:]

    /// - Parameter grants: By full method, such as `/grpc.health.v1.Health/Check`.
    package init(_ grants: [String: Grants]) {
        self.grants = grants
    }

    /// The same policy, and full methods that callers may call by their ID.
    package func allowing(_ methods: [SPIFFEID: Set<String>]) -> AuthorizationPolicy {
        var policy = self
        policy.allowList = methods
        return policy
    }

    package var methods: [String] { grants.keys.sorted() }

    package func grants(of method: String) -> Grants {
        grants[method] ?? []
    }

    /// The first ground that holds decides; looking an agent up costs most and comes last.
    package func decide(method: String, caller: Caller) -> Decision {
        let grants = grants(of: method)
        if grants.contains(.anyone) { return .allow(.anyone) }
        if grants.contains(.local), caller.isLocal { return .allow(.local) }
        if grants.contains(.admin), caller.isAdminByConfiguration { return .allow(.adminByConfiguration) }
        if grants.contains(.admin), caller.isAdminByEntry { return .allow(.adminByEntry) }
        if let id = caller.id, allowList[id]?.contains(method) == true { return .allow(.allowList) }
        if grants.contains(.downstream), caller.isDownstream { return .allow(.downstream) }
        if grants.contains(.agent), !caller.isLocal, caller.id != nil { return .allowActiveAgent }
        return .deny
    }
}
