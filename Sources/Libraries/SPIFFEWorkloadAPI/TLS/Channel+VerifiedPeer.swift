// SPDX-License-Identifier: Apache-2.0

public import NIOCore
public import SPIFFE

extension Channel {
    /// Who the peer is, once the handshake of ``WorkloadTLS`` has accepted it.
    ///
    /// - Returns: Fails with ``WorkloadAPIError`` when no peer was verified on this channel.
    public func verifiedPeer() -> EventLoopFuture<X509SVID> {
        eventLoop.submit { [pipeline] in
            guard
                let handler = try? pipeline.syncOperations.handler(type: VerifiedPeerHandler.self),
                let peer = handler.peer
            else {
                throw WorkloadAPIError(.noIdentity, "no peer was verified on this channel")
            }
            return peer
        }
    }
}
