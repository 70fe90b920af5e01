// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTelemetry
import FoundationEssentials
import SPIFFE

/// What the store tells of partners, whichever server of the trust domain asks them.
struct FederationReadings: Sendable {
    let trustDomain: TrustDomain
    let store: any RegistryStore

    func read(at now: Date) async throws -> [MetricReading] {
        let statuses = try await store.federationStatuses()
        let bundles = try await store.listBundles(page: .all).items.map(\.bundle)
        return statuses.flatMap { Self.readings(of: $0, at: now) }
            + bundles.filter { $0.trustDomain != trustDomain }.flatMap { Self.readings(of: $0, at: now) }
    }

    static func readings(of status: FederationStatus, at now: Date) -> [MetricReading] {
        let partner: Instruments.Labels = [.partner: status.trustDomain.name]
        var readings: [MetricReading] = []
        if let success = status.lastSuccess {
            readings.append(MetricReading(.bundleAge, now.timeIntervalSince(success).rounded(), partner))
        }
        if let next = status.nextAttempt {
            readings.append(MetricReading(.nextRefresh, next.timeIntervalSince(now).rounded(), partner))
        }
        return readings
    }

    static func readings(of bundle: SPIFFEBundle, at now: Date) -> [MetricReading] {
        let partner: Instruments.Labels = [.partner: bundle.trustDomain.name]
        var readings: [MetricReading] = []
        if let sequence = bundle.sequenceNumber {
            readings.append(MetricReading(.bundleSequence, Double(sequence), partner))
        }
        if let expiry = BundleLifetime(of: bundle).firstExpiry {
            readings.append(MetricReading(.authorityExpiry, expiry.timeIntervalSince(now).rounded(), partner))
        }
        return readings
    }
}
