// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTransport
import FoundationEssentials
import Logging
import SPIFFE
import Synchronization
import X509

/// What the agent and its server prove themselves to each other by, as it is at the moment.
final class ServerTrust: Sendable {
    private struct State {
        var bundle: SPIFFEBundle?
        var credential: X509Credential?
        var unknownSince: Date?
        var believesAnyServer = false
    }

    private let serverID: SPIFFEID
    private let logger: Logger
    private let state = Mutex(State())

    init(trustDomain: TrustDomain, logger: Logger) {
        serverID = .server(of: trustDomain)
        self.logger = logger
    }

    /// Without one, no server is believed: the connection begins by itself, perhaps before the bundle is there.
    var bundle: SPIFFEBundle? {
        get { state.withLock { $0.bundle } }
        set { state.withLock { $0.bundle = newValue } }
    }

    var credential: X509Credential? {
        get { state.withLock { $0.credential } }
        set { state.withLock { $0.credential = newValue } }
    }

    /// For insecure bootstrap only: while there is no bundle, any server that bears the right name is believed.
    var believesAnyServer: Bool {
        get { state.withLock { $0.believesAnyServer } }
        set { state.withLock { $0.believesAnyServer = newValue } }
    }

    /// Since when no authority of the bundle has signed what the server presents; `nil` when one has, or when nobody
    /// has looked yet.
    var unknownSince: Date? { state.withLock { $0.unknownSince } }

    var tls: ClientTLS {
        let source = TLSIdentitySource { [self] in credential }
        return ClientTLS(identity: { source.current }) { [self] certificates in
            let presented = try UnverifiedX509SVID(certificates: certificates)
            guard let bundle else {
                guard believesAnyServer else {
                    throw AgentError(.bootstrap, "no trust bundle is there yet to believe a server by")
                }
                logger.warning("Insecure bootstrap enabled; skipping server certificate verification")
                return try Authorizer.id(serverID).authorize(presented.claimedID)
            }
            let isKnown = Self.isKnown(certificates, to: bundle)
            state.withLock { $0.unknownSince = isKnown ? nil : $0.unknownSince ?? Date() }
            let svid = try presented.verified(by: BundleSet([bundle]), at: Date(), role: .server)
            try Authorizer.id(serverID).authorize(svid.id)
        }
    }

    /// A certificate that has ended or has the wrong name is by a known authority nonetheless.
    private static func isKnown(_ certificates: [Certificate], to bundle: SPIFFEBundle) -> Bool {
        bundle.x509Authorities.contains { authority in
            certificates.contains { certificate in
                certificate.issuer == authority.certificate.subject
                    && authority.certificate.publicKey.isValidSignature(certificate.signature, for: certificate)
            }
        }
    }
}
