// SPDX-License-Identifier: Apache-2.0

public import NIOCore
public import SPIFFE

/// Knows who the peer of its connection is, and says why a peer was refused where TLS only says that it was.
///
/// ``WorkloadTLS`` makes it. Within the pipeline: `context.pipeline.syncOperations.handler(type: VerifiedPeerHandler.self).peer`.
public final class VerifiedPeerHandler: ChannelInboundHandler {
    /// Passed on as it comes.
    public typealias InboundIn = NIOAny

    private let verification: PeerVerification

    init(_ verification: PeerVerification) {
        self.verification = verification
    }

    /// The verified peer; `nil` before the handshake and after a refusal.
    public var peer: X509SVID? {
        guard case .success(let svid)? = verification.outcome else { return nil }
        return svid
    }

    /// Replaces the error of a handshake that we ended by the reason.
    public func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard case .failure(let reason)? = verification.outcome else {
            context.fireErrorCaught(error)
            return
        }
        context.fireErrorCaught(reason)
    }
}
