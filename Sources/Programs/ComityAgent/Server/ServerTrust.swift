// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTransport
import FoundationEssentials
import Logging
import SPIFFE
import Synchronization

/// What the agent and its server prove themselves to each other by, as it is at the moment.
final class ServerTrust: Sendable {
    private struct State {
        var bundle: SPIFFEBundle?
        var credential: X509Credential?
    }

    private let serverID: SPIFFEID
    private let logger: Logger
    private let state = Mutex(State())

    init(trustDomain: TrustDomain, logger: Logger) {
        serverID = .server(of: trustDomain)
        self.logger = logger
    }

    /// Without one, any server that bears the right name is believed: only for insecure bootstrap.
    var bundle: SPIFFEBundle? {
        get { state.withLock { $0.bundle } }
        set { state.withLock { $0.bundle = newValue } }
    }

    var credential: X509Credential? {
        get { state.withLock { $0.credential } }
        set { state.withLock { $0.credential = newValue } }
    }

    var tls: ClientTLS {
        let source = TLSIdentitySource { [self] in credential }
        return ClientTLS(identity: { source.current }) { [self] certificates in
            let presented = try UnverifiedX509SVID(certificates: certificates)
            guard let bundle else {
                logger.warning("Insecure bootstrap enabled; skipping server certificate verification")
                return try Authorizer.id(serverID).authorize(presented.claimedID)
            }
            let svid = try presented.verified(by: BundleSet([bundle]), at: Date(), role: .server)
            try Authorizer.id(serverID).authorize(svid.id)
        }
    }
}
