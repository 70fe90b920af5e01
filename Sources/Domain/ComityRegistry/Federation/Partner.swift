// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SPIFFE

/// One trust domain that the bundle client polls.
struct Partner: Hashable, Sendable {
    /// What the store holds for the trust domain, as far as it was seen.
    enum StoredBundle: Hashable, Sendable {
        case unknown
        case known(SPIFFEBundle?)
    }

    var relationship: FederationRelationship
    var status: FederationStatus
    var schedule = PollSchedule()
    var stored = StoredBundle.unknown
    /// In flight, from the fetch to the end of storing.
    var attempt: FetchAttempt?
    /// What the attempt in flight is about to store.
    var storing: SPIFFEBundle?
    /// An attempt that was given up had stored a bundle by then.
    var hasUnreportedChange = false

    init(_ relationship: FederationRelationship) {
        self.relationship = relationship
        status = FederationStatus(trustDomain: relationship.trustDomain)
    }

    /// The trust domain whose bundle the endpoint is verified by; `nil` with Web PKI.
    var endpointTrustDomain: TrustDomain? {
        guard case .httpsSPIFFE(let endpointID) = relationship.profile else { return nil }
        return endpointID.trustDomain
    }

    /// The normal time between polls while no newer bundle is known.
    var interval: TimeInterval {
        switch stored {
        case .known(let bundle?): PollSchedule.interval(hint: bundle.refreshHint)
        case .known(nil), .unknown: PollSchedule.intervalWithoutBundle
        }
    }

    /// Whether the attempt that failed last could come out otherwise with another bundle to verify the endpoint by.
    var failedForLackOfTrust: Bool {
        switch status.lastFailure?.class {
        case .noBundle, .tlsIdentity: true
        default: false
        }
    }

    mutating func succeeded(with bundle: SPIFFEBundle, at now: Date) -> Date {
        let next = schedule.succeeded(interval: PollSchedule.interval(hint: bundle.refreshHint), at: now)
        status.lastSuccess = now
        status.lastFailure = nil
        status.consecutiveFailures = 0
        status.nextAttempt = next
        attempt = nil
        storing = nil
        hasUnreportedChange = false
        return next
    }

    mutating func failed(_ failure: FederationFailure, at now: Date, random: Double) -> Date {
        let next = schedule.failed(interval: interval, at: now, random: random)
        status.lastFailure = failure
        status.consecutiveFailures &+= 1
        status.nextAttempt = next
        attempt = nil
        storing = nil
        return next
    }
}
