// SPDX-License-Identifier: Apache-2.0

/// The agent's half of one way to prove a node.
package protocol AgentNodeAttestor: Sendable {
    /// As in the configuration, such as `join_token`.
    var name: String { get }

    /// Proves the node to the server.
    ///
    /// - Parameter send: Sends one message, the payload first, and answers with the server's challenge to it, or `nil`
    ///   when the server asks nothing more. What a method needs meanwhile lives only within this call.
    func attest(_ send: @Sendable ([UInt8]) async throws -> [UInt8]?) async throws
}
