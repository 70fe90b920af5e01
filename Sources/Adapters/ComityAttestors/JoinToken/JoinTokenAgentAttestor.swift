// SPDX-License-Identifier: Apache-2.0

import ComityAttestation

/// Proves a node by a one-time token that an operator brought to it.
package struct JoinTokenAgentAttestor: AgentNodeAttestor {
    package static let name = "join_token"

    private let token: String

    package var name: String { Self.name }

    package init(token: String) {
        self.token = token
    }

    package func attest(_ send: @Sendable ([UInt8]) async throws -> [UInt8]?) async throws {
        guard try await send(Array(token.utf8)) == nil else {
            throw AttestationError(.internalError, "server challenged a join token, which has no challenge")
        }
    }
}
