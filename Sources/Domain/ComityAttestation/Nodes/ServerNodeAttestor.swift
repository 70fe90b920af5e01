// SPDX-License-Identifier: Apache-2.0

/// The server's half of one way to prove a node.
package protocol ServerNodeAttestor: Sendable {
    /// As in the configuration, such as `join_token`.
    var name: String { get }

    /// Checks what an agent claims, asking back as often as the method needs.
    ///
    /// - Parameters:
    ///   - claim: The agent's first message.
    ///   - challenge: Sends a challenge and answers with the agent's response to it.
    /// - Throws: ``AttestationError`` when the proof does not hold; whatever `challenge` throws.
    func attest(
        _ claim: NodeClaim, challenge: @Sendable ([UInt8]) async throws -> [UInt8]
    ) async throws -> NodeAttestation
}
