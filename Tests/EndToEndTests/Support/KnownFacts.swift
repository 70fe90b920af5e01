// SPDX-License-Identifier: Apache-2.0

import Foundation
import ServerAPIProtos
import Synchronization

/// What callers have been told by a server, so that it must hold whatever happens to the server then.
///
/// What is asked for and not yet answered may hold or not; it is taken out before the question.
final class KnownFacts: Sendable {
    enum Kind: String, CodingKeyRepresentable, Codable {
        case x509, jwt
    }

    struct Authority: Codable {
        var id: String
        var status: String
    }

    struct State: Codable {
        var entries: Set<String> = []
        var deleted: Set<String> = []
        /// The one root of each partner.
        var bundles: [String: Data] = [:]
        /// The last step of a rotation.
        var authorities: [Kind: Authority] = [:]
        var svids: [Data] = []
        var tokens: [String] = []
    }

    private let state = Mutex(State())

    func update<Value: Sendable>(_ change: @Sendable (inout State) -> sending Value) -> Value {
        state.withLock { change(&$0) }
    }

    /// Writes all of it, and forgets what was signed: the next server answers for what it signs itself.
    func write(to path: String) throws {
        let state = state.withLock { state in
            defer { (state.svids, state.tokens) = ([], []) }
            return state
        }
        try JSONEncoder().encode(state).write(to: URL(filePath: path))
    }
}

/// The bundle as it is served.
struct ServedBundle: Codable {
    var x509: [Data]
    /// By key ID.
    var jwt: [String: Data]

    init(_ bundle: Spire_Api_Types_Bundle) {
        x509 = bundle.x509Authorities.map(\.asn1)
        jwt = Dictionary(bundle.jwtAuthorities.map { ($0.keyID, $0.publicKey) }) { first, _ in first }
    }
}
