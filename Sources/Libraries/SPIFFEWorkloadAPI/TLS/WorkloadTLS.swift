// SPDX-License-Identifier: Apache-2.0

public import NIOCore
import NIOSSL
public import SPIFFE

/// TLS by SPIFFE identities for NIO channels: what we present, and whom we accept.
///
/// ```swift
/// let tls = WorkloadTLS.mutual(source, authorizer: .id(try SPIFFEID("spiffe://example.org/web")))
/// let server = ServerBootstrap(group: group).childChannelInitializer { channel in
///     channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandlers(tls.makeServerHandlers()) }
/// }
/// let peer = try await channel.verifiedPeer().get()  // after the handshake
/// ```
///
/// Every handshake presents the identity and trusts the bundles of its own moment, so a rotation needs no restart. No session is
/// ever resumed, because a resumed session would skip the verification of the peer.
public struct WorkloadTLS: Sendable {
    /// What to agree on by ALPN, best first, for example `["h2", "http/1.1"]`; nothing by default.
    public var applicationProtocols: [String] = []

    private let credential: PreparedCredential?
    private let verifier: PeerVerifier?

    /// Both sides present an X509-SVID.
    ///
    /// - Parameters:
    ///   - source: Has our identity and the bundles that peers are verified by.
    ///   - authorizer: Decides which of the verified peers may proceed.
    public static func mutual(
        _ source: some X509CredentialSource & BundleSetSource, authorizer: Authorizer
    ) -> WorkloadTLS {
        WorkloadTLS(
            credential: PreparedCredential(source), verifier: PeerVerifier(bundles: source, authorizer: authorizer))
    }

    /// For a server: presents our identity and asks for none, as browsers and clients with a token need it.
    public static func presenting(_ source: some X509CredentialSource) -> WorkloadTLS {
        WorkloadTLS(credential: PreparedCredential(source), verifier: nil)
    }

    /// For a client: verifies the server and presents nothing.
    public static func verifying(_ source: some BundleSetSource, authorizer: Authorizer) -> WorkloadTLS {
        WorkloadTLS(credential: nil, verifier: PeerVerifier(bundles: source, authorizer: authorizer))
    }

    private init(credential: PreparedCredential?, verifier: PeerVerifier?) {
        self.credential = credential
        self.verifier = verifier
    }

    /// Makes the handlers of one accepted connection, to be added first to its pipeline.
    ///
    /// - Throws: ``WorkloadAPIError`` when there is no identity to present at this moment.
    public func makeServerHandlers() throws -> [any ChannelHandler] {
        guard let credential else {
            throw WorkloadAPIError(.noIdentity, "a server has to present an identity; this TLS set-up has none")
        }
        let material = try credential.current
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: material.chain, privateKey: material.key)
        guard let verifier else {
            configuration.certificateVerification = .none
            return [NIOSSLServerHandler(context: try makeContext(&configuration))]
        }
        let verification = PeerVerification(verifier, role: .client)
        // Demands a certificate; the decision about it is the callback's.
        configuration.certificateVerification = .noHostnameVerification
        let handler = NIOSSLServerHandler(
            context: try makeContext(&configuration), customVerificationCallback: verification.callback)
        return [handler, VerifiedPeerHandler(verification)]
    }

    /// Makes the handlers of one outgoing connection, to be added first to its pipeline.
    ///
    /// - Throws: ``WorkloadAPIError`` when there is no identity to present at this moment.
    public func makeClientHandlers() throws -> [any ChannelHandler] {
        guard let verifier else {
            throw WorkloadAPIError(.invalidCredential, "a client has to verify its server; this TLS set-up cannot")
        }
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let material = try credential?.current {
            configuration.certificateChain = material.chain
            configuration.privateKey = material.key
        }
        let verification = PeerVerification(verifier, role: .server)
        // Not `.none`, which would turn the callback off.
        configuration.certificateVerification = .noHostnameVerification
        let handler = try NIOSSLClientHandler(
            context: try makeContext(&configuration), serverHostname: nil,
            customVerificationCallback: verification.callback)
        return [handler, VerifiedPeerHandler(verification)]
    }

    /// A context per connection: tickets of another context cannot be used, so no handshake is cut short.
    private func makeContext(_ configuration: inout TLSConfiguration) throws -> NIOSSLContext {
        configuration.minimumTLSVersion = .tlsv12
        configuration.trustRoots = .certificates([])
        configuration.applicationProtocols = applicationProtocols
        return try NIOSSLContext(configuration: configuration)
    }
}
