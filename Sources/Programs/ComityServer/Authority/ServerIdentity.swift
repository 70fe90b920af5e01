// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityKeys
import ComityRegistry
package import ComityTelemetry
import FoundationEssentials
package import Logging
package import SPIFFE
import SwiftASN1
import Synchronization
import X509

/// The server's own SVID, `spiffe://<trust domain>/spire/server`: made anew at half of its life and when another
/// authority signs.
package final class ServerIdentity: Sendable {
    private struct State {
        var credential: X509Credential?
        var authorityID = ""
        var renewal = Date.distantPast
    }

    private let settings: AuthoritySettings
    private let issuers: IssuerSource
    private let time: ServerTime
    private let logger: Logger
    private let instruments: Instruments
    private let keys = MemoryKeyManager()
    private let turns = Turns()
    private let state = Mutex(State())

    package init(
        settings: AuthoritySettings, issuers: IssuerSource, time: ServerTime = .system,
        instruments: Instruments = .none, logger: Logger
    ) {
        self.settings = settings
        self.issuers = issuers
        self.time = time
        self.instruments = instruments
        var logger = logger
        logger[metadataKey: "subsystem_name"] = "svid_rotator"
        self.logger = logger
    }

    /// What the next connection is served with; `nil` until the server has an authority.
    package var credential: X509Credential? {
        state.withLock { $0.credential }
    }

    /// Makes a new SVID if it is time.
    package func renewIfDue() async {
        await turns.take {
            do {
                try await renew()
            } catch {
                logger.failure("Could not rotate server SVID", error)
            }
        }
    }

    private func renew() async throws {
        let issuer = try issuers.x509
        let now = time.now()
        let isDue = state.withLock { $0.authorityID != issuer.authorityID || now >= $0.renewal }
        guard isDue else { return }
        try await instruments.measure(.serverSVIDRotate) { try await rotate(to: issuer, at: now) }
    }

    private func rotate(to issuer: X509Issuer, at now: Date) async throws {
        logger.debug("Rotating server SVID")
        let key = try await keys.generateKey(id: "server-svid", type: settings.x509KeyType)
        let svid = try issuer.issue(
            X509SVIDTemplate(
                id: .server(of: settings.trustDomain), publicKey: key.publicKey, ttl: settings.lifetimes.x509),
            now: now)
        let certificates = try svid.certificateChain.map { try Certificate(derEncoded: $0) }
        let credential = try X509Credential(certificates: certificates, privateKey: key.certificateKey)
        state.withLock {
            $0.credential = credential
            $0.authorityID = issuer.authorityID
            $0.renewal = credential.notBefore + svid.expiresAt.timeIntervalSince(credential.notBefore) / 2
        }
        logger.info(
            "Server SVID rotated",
            metadata: [
                "spiffe_id": "\(svid.id)", "serial_num": "\(svid.serial.decimal)",
                "expiration": "\(svid.expiresAt.logText)",
            ])
    }
}
