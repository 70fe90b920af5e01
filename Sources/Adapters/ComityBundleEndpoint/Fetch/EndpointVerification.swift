// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import FoundationEssentials
import NIOCore
import NIOSSL
import SPIFFE

/// How an endpoint has to prove itself before anything is sent to it.
enum EndpointVerification: Sendable {
    /// By a certificate of the public roots, or of the additional ones, for the host of the URL (Federation §5.2.1.4).
    case web(additionalRoots: [NIOSSLCertificate])
    /// By an X509-SVID with exactly this ID, verified by the bundle of its trust domain (Federation §5.2.2.4).
    case spiffe(SPIFFEID, SPIFFEBundle, now: @Sendable () -> Date)
    /// Not at all: the chain (DER, leaf first) is handed over to whoever judges it later.
    case none(_ judge: @Sendable ([[UInt8]]) -> Void)

    /// Makes the TLS client for one connection. Nothing is kept, so no handshake is skipped by resumption.
    ///
    /// - Parameter onRefusal: told why the endpoint was refused, before the handshake fails.
    func makeHandler(
        host: String, onRefusal: @escaping @Sendable (String) -> Void
    ) throws -> NIOSSLClientHandler {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        let serverName = Self.isIPAddress(host) ? nil : host
        switch self {
        case .web(let roots):
            configuration.additionalTrustRoots = [.certificates(roots)]
            let context = try NIOSSLContext(configuration: configuration)
            return try NIOSSLClientHandler(context: context, serverHostname: serverName)
        case .spiffe(let endpointID, let bundle, let now):
            return try Self.handler(configuration, serverName, onRefusal) { certificates throws(SPIFFEError) in
                try Self.verify(certificates, endpointID, bundle, at: now())
            }
        case .none(let judge):
            return try Self.handler(configuration, serverName, onRefusal) { certificates in judge(certificates) }
        }
    }

    /// A TLS client that leaves it to us to judge the certificates.
    private static func handler(
        _ configuration: TLSConfiguration, _ serverName: String?, _ onRefusal: @escaping @Sendable (String) -> Void,
        _ check: @escaping @Sendable ([[UInt8]]) throws(SPIFFEError) -> Void
    ) throws -> NIOSSLClientHandler {
        var configuration = configuration
        configuration.certificateVerification = .noHostnameVerification
        configuration.trustRoots = .certificates([])
        let context = try NIOSSLContext(configuration: configuration)
        return try NIOSSLClientHandler(context: context, serverHostname: serverName) { chain, promise in
            do throws(SPIFFEError) {
                try check(try certificates(chain))
                promise.succeed(.certificateVerified)
            } catch {
                onRefusal("\(error)")
                promise.succeed(.failed)
            }
        }
    }

    private static func certificates(_ chain: [NIOSSLCertificate]) throws(SPIFFEError) -> [[UInt8]] {
        do {
            return try chain.map { try $0.toDERBytes() }
        } catch {
            throw SPIFFEError(.invalidX509SVID, "certificate of the endpoint cannot be read", cause: error)
        }
    }

    private static func verify(
        _ certificates: [[UInt8]], _ endpointID: SPIFFEID, _ bundle: SPIFFEBundle, at now: Date
    ) throws(SPIFFEError) {
        let presented = try UnverifiedX509SVID(derCertificates: certificates)
        guard presented.claimedID == endpointID else {
            throw SPIFFEError(
                .notAuthorized, "unexpected ID \"\(presented.claimedID)\", endpoint has to be \"\(endpointID)\"")
        }
        _ = try presented.verified(by: BundleSet([bundle]), at: now, role: .server)
    }

    private static func isIPAddress(_ host: String) -> Bool {
        (try? SocketAddress(ipAddress: host, port: 0)) != nil
    }
}
