// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import ComityTelemetry
import ComityWorkloads
import FoundationEssentials
import Logging
import SPIFFE

/// Has X509-SVIDs signed as soon as one is due: woken by subscribers, by syncs and by the clock, never by a fixed beat.
struct SVIDSigner: Sendable {
    /// The most signing requests in one call, as SPIRE's server allows.
    private static let maximumBatch = 500

    let store: WorkloadStore
    let server: ServerClient
    let keys: WorkloadKeys
    let rotation: RotationPolicy
    let alarms: AgentAlarms
    let instruments: Instruments
    let logger: Logger

    func run() async throws -> Never {
        var limit = Self.maximumBatch
        var backoff = Backoff.signing
        while true {
            try Task.checkCancellation()
            let work = store.takeSigningWork(limit: limit)
            guard !work.isEmpty else {
                try await alarms.signing.wait(atMost: store.nextSigningWork.map { Duration.until($0) })
                continue
            }
            do {
                store.signed(try await sign(work))
                instruments.set(.cachedSVIDs, to: Double(store.svidCount), [.svidType: "x509"])
                backoff.attemptSucceeded()
                limit = Self.maximumBatch
            } catch {
                store.signingUnanswered(work)
                logger.failure("SVID sync failed", error)
                limit = max(1, limit / 2)
                let wait = backoff.attemptFailed(now: Date(), random: .random(in: 0..<1))
                // New subscribers must not make the agent ask a server that is away; the next sync that works may.
                try await alarms.serverIsBack.wait(atMost: wait.map { .seconds($0) })
            }
        }
    }

    private func sign(_ work: [SVIDSigning]) async throws -> [(entry: Entry, svid: WorkloadSVID?)] {
        instruments.tellSigning(work)
        for signing in work {
            logger.info(
                signing.reason == .create ? "Creating X509-SVID" : "Renewing X509-SVID",
                metadata: [.spiffeID: "\(signing.entry.spiffeID)", .entryID: "\(signing.entry.id)"])
        }
        let newKeys = try await keys.make(work.count)
        let requests = try zip(work, newKeys).map {
            (entryID: $0.entry.id, csr: try CertificateRequest.make(by: $1))
        }
        let answers = try await instruments.measure(.fetchSVIDsUpdates) { try await server.sign(requests) }
        return zip(work, zip(newKeys, answers)).map { signing, answer in
            do {
                return (signing.entry, try svid(of: signing.entry, try answer.1.get(), key: answer.0))
            } catch {
                logger.error(
                    "Failed to sign X509-SVID",
                    metadata: [
                        .spiffeID: "\(signing.entry.spiffeID)", .entryID: "\(signing.entry.id)",
                        .error: "\(error)",
                    ])
                return (signing.entry, nil)
            }
        }
    }

    private func svid(of entry: Entry, _ chain: [[UInt8]], key: SigningKey) throws -> WorkloadSVID {
        let credential = try X509Credential(
            certificates: try UnverifiedX509SVID(derCertificates: chain).certificates, privateKey: key.certificateKey)
        let lifetime = credential.expiresAt.timeIntervalSince(credential.notBefore)
        if !rotation.canKeepAvailability(lifetime: lifetime) {
            logger.warning(
                """
                X509 SVID lifetime isn't long enough to guarantee the availability_target, \
                falling back to the default rotation strategy
                """,
                metadata: [.spiffeID: "\(entry.spiffeID)", .entryID: "\(entry.id)"])
        }
        return WorkloadSVID(
            spiffeID: credential.id, certificateChain: chain, privateKey: key.pkcs8DER,
            notBefore: credential.notBefore, notAfter: credential.expiresAt,
            signerKeyIDs: credential.certificates.signerKeyIDs)
    }
}
