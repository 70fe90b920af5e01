// SPDX-License-Identifier: Apache-2.0

/// What an agent says first, and from where; nothing of it is proven.
package struct NodeClaim: Hashable, Sendable {
    /// In the form of the method.
    package var payload: [UInt8]
    /// The IP address that the agent called from; `nil` when it came by no network.
    package var clientAddress: String?

    package init(payload: [UInt8], clientAddress: String? = nil) {
        self.payload = payload
        self.clientAddress = clientAddress
    }
}
