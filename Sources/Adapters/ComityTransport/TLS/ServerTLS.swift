// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOSSL
package import SPIFFE
package import X509

/// How a TLS listener proves itself and whom it believes.
package struct ServerTLS: Sendable {
    /// Says whose certificates these are (leaf first), or throws. Called in the handshake, once per client that presents
    /// any; look the trusted bundle up inside, so that a change of it holds from the next handshake on.
    package typealias ClientVerification = @Sendable (_ certificates: [Certificate]) async throws -> SPIFFEID

    /// What is presented, asked anew for each connection; `nil` refuses the connection.
    package var identity: @Sendable () -> TLSIdentity?

    /// `nil` asks for no client certificate. Otherwise one may be presented, but need not be.
    package var verifyClient: ClientVerification?

    package init(identity: @escaping @Sendable () -> TLSIdentity?, verifyClient: ClientVerification? = nil) {
        self.identity = identity
        self.verifyClient = verifyClient
    }

    /// Makes the TLS handler of one connection.
    ///
    /// Each connection has a context of its own: a resumed session would skip the verification and carry an old client
    /// certificate, and no context can read the tickets of another. It also lets the identity rotate.
    func makeHandler(for peer: PeerConnection, onRefusal: @escaping @Sendable (any Error) -> Void) throws
        -> NIOSSLServerHandler
    {
        guard let identity = identity() else {
            throw TransportError(.noIdentity, "no server certificate has been issued yet")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: identity.certificateChain, privateKey: identity.privateKey)
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["h2"]
        configuration.trustRoots = .certificates([])
        guard let verifyClient else {
            configuration.certificateVerification = .none
            return NIOSSLServerHandler(context: try NIOSSLContext(configuration: configuration))
        }
        configuration.certificateVerification = .optionalVerification
        return NIOSSLServerHandler(
            context: try NIOSSLContext(configuration: configuration),
            customVerificationCallbackWithMetadata: { presented, promise in
                // The handshake waits for this task by its promise.
                promise.completeWithTask {
                    do {
                        let certificates = try PeerCertificates.parse(presented)
                        let spiffeID = try await verifyClient(certificates)
                        peer.verified(TLSPeer(spiffeID: spiffeID, certificates: certificates))
                        return .certificateVerified(VerificationMetadata(ValidatedCertificateChain(presented)))
                    } catch {
                        onRefusal(error)
                        return .failed
                    }
                }
            })
    }
}
