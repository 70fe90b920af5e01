// SPDX-License-Identifier: Apache-2.0

package import ComityAttestation
package import ComityRegistry
package import FoundationEssentials
package import SPIFFE

/// Lets a node in for a one-time token that this server gave out.
package struct JoinTokenServerAttestor: ServerNodeAttestor {
    private let trustDomain: TrustDomain
    private let store: any NodeStore
    private let now: @Sendable () -> Date

    package var name: String { JoinTokenAgentAttestor.name }

    package init(trustDomain: TrustDomain, store: any NodeStore, now: @escaping @Sendable () -> Date = { Date() }) {
        self.trustDomain = trustDomain
        self.store = store
        self.now = now
    }

    package func attest(
        _ claim: NodeClaim, challenge: @Sendable ([UInt8]) async throws -> [UInt8]
    ) async throws -> NodeAttestation {
        // What can be no part of an agent ID was never given out; the limit on IDs bounds the token too.
        guard let value = String(validating: claim.payload, as: UTF8.self),
            let agentID = try? SPIFFEID(trustDomain: trustDomain, path: "/spire/agent/\(name)/\(value)"),
            let token = try await store.consumeJoinToken(value)
        else {
            throw AttestationError(
                .invalidArgument, "failed to attest: join token does not exist or has already been used")
        }
        guard token.expiresAt >= now() else {
            throw AttestationError(.invalidArgument, "join token expired")
        }
        return NodeAttestation(agentID: agentID, canReattest: false)
    }
}
