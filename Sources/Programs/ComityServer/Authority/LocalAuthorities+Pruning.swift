// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import ComityTelemetry
import FoundationEssentials
import Logging
import SPIFFE
import X509

extension LocalAuthorities {
    private static let journalGrace: TimeInterval = 14 * 86400

    /// Takes authorities that ended more than a day ago out of the bundle.
    package func pruneBundle() async {
        await inTurn {
            await logFailure("Could not prune CA certificates") {
                try await instruments.measure(.bundlePrune) { try await prune() }
            }
        }
    }

    package func pruneJournals() async {
        await logFailure("Could not prune CA journals") {
            _ = try await journals.pruneJournals(expiredBefore: time.now() - Self.journalGrace)
        }
    }

    private func prune() async throws {
        let limit = time.now() - AuthorityRotation.bundleGrace
        guard var record = try await bundles.bundle(of: settings.trustDomain) else { return }
        let expirations = record.jwtExpirations
        do throws(RegistryError) {
            let pruned = try record.prune(expiredBefore: limit)
            guard !pruned.isEmpty else { return }
            log(pruned, jwtExpirations: expirations)
        } catch {
            logHalt(record, limit: limit)
            throw error
        }
        _ = try await bundles.changeBundle(of: settings.trustDomain) { _ = try $0.prune(expiredBefore: limit) }
        instruments.count(.bundlePruned)
    }

    private func logHalt(_ record: BundleRecord, limit: Date) {
        if record.bundle.x509Authorities.allSatisfy({ $0.certificate.notValidAfter < limit }) {
            logger.warning("Pruning halted; all known CA certificates have expired")
        } else {
            logger.warning("Pruning halted; all known JWT signing keys have expired")
        }
    }

    private func log(_ pruned: BundleRecord.Pruned, jwtExpirations: [String: Date]) {
        for authority in pruned.x509Authorities {
            let certificate = authority.certificate
            logger.info(
                "Pruning CA certificate due to expiration",
                metadata: [
                    "serial_num": "\(certificate.serialNumber.decimal)",
                    "expiration": "\(certificate.notValidAfter.logText)",
                ])
        }
        for authority in pruned.jwtAuthorities {
            logger.info(
                "Pruning JWT signing key due to expiration",
                metadata: [
                    "kid": "\(authority.keyID)",
                    "expiration": "\(jwtExpirations[authority.keyID]?.logText ?? "")",
                ])
        }
    }
}
