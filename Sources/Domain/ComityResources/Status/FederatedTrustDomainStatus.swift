// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
package import FoundationEssentials
package import SPIFFE

/// Says in a ClusterFederatedTrustDomain whether trust is fresh, since and until when, and if not, why and what to do.
package struct FederatedTrustDomainStatus: Sendable {
    /// After so many failures in a row a bundle that was fetched before no longer counts as fresh.
    private static let toleratedFailures = 2
    private static let maximumAuthorities = 32
    private static let passing = ["lastRefreshTime", "nextRefreshTime", "lastError"]

    private let facts: FederatedTrustDomainFacts
    private let now: Date

    package init(_ facts: FederatedTrustDomainFacts, at now: Date) {
        self.facts = facts
        self.now = now
    }

    /// - Parameter object: As it was last read.
    /// - Returns: `nil` when nothing is worth writing.
    package func update(of object: JSONValue) -> StatusUpdate? {
        if case .unselected(let reason) = facts.standing {
            return Selection.update(unselected: reason, object, at: now)
        }
        return StatusUpdate(
            conditions, members, of: object, at: now, warnings: warnings, passing: Self.passing,
            tells: changeEvents(object["status"]))
    }

    // MARK: - Conditions

    private var conditions: [Condition] {
        [ready, Selection.selected, conflict, bundleAvailable] + (endpointReachable.map { [$0] } ?? [])
    }

    private var ready: Condition {
        switch facts.standing {
        case .refused(let error):
            return Condition(.ready, .no, "Invalid", "\(error.message); what was in force before stays so")
        case .conflict(let conflict): return Condition(.ready, .no, conflict.reason, conflict.description)
        case .failed(let reason): return Condition(.ready, .no, "ServerRefused", "the server refuses it: \(reason)")
        case .unselected, .inForce: break
        }
        let bundle = bundleAvailable
        guard bundle.state == .yes else { return Condition(.ready, .no, bundle.reason, bundle.message) }
        guard facts.resource?.relationship != nil else {
            return Condition(.ready, .yes, "BundleDeclared", "the declared bundle is in force; nothing refreshes it")
        }
        guard facts.tellsPolling else {
            return Condition(
                .ready, .yes, "BundleStored", "a bundle is stored; this server does not tell how fresh it is")
        }
        guard let polling = facts.polling, polling.lastAttempt != nil else {
            return Condition(
                .ready, .unknown, "Pending", "the endpoint was not asked yet; the stored bundle is in force")
        }
        guard let failure = polling.lastFailure else {
            return Condition(.ready, .yes, "Fresh", "the endpoint brings the bundle")
        }
        let isTolerated = polling.lastSuccess != nil && polling.consecutiveFailures <= Self.toleratedFailures
        return isTolerated
            ? Condition(.ready, .yes, "Fresh", "the endpoint brought the bundle a moment ago and is tried again")
            : Condition(.ready, .no, failure.class.reason, Self.text(failure))
    }

    private var conflict: Condition {
        guard case .conflict(let conflict) = facts.standing else {
            return Condition(.conflict, .no, "None", "nothing else is for this trust domain")
        }
        return Condition(.conflict, .yes, conflict.reason, conflict.description)
    }

    private var bundleAvailable: Condition {
        guard let bundle = facts.bundle, !(bundle.x509Authorities.isEmpty && bundle.jwtAuthorities.isEmpty) else {
            return Condition(
                .bundleAvailable, .no, "NoBundle",
                "the server has no bundle of this trust domain yet: nothing of it is trusted. "
                    + FederationFailure.Class.noBundle.cure)
        }
        if let end = BundleLifetime(of: bundle).usableUntil, end <= now {
            return Condition(
                .bundleAvailable, .no, "BundleExpired",
                "every X.509 authority of the stored bundle has ended, the last at \(StatusText.time(end)): put the "
                    + "partner's present bundle into spec.trustDomainBundle")
        }
        return Condition(
            .bundleAvailable, .yes, "Stored",
            "\(bundle.x509Authorities.count) X.509 and \(bundle.jwtAuthorities.count) JWT authorities are trusted")
    }

    /// `nil` when the resource names no endpoint that is asked.
    private var endpointReachable: Condition? {
        switch facts.standing {
        case .inForce, .conflict(.configuration): break
        default: return facts.polling == nil ? nil : endpointByPolling
        }
        guard facts.resource?.relationship != nil else {
            return Condition(.endpointReachable, .unknown, "NoEndpoint", "the resource names no endpoint")
        }
        guard facts.tellsPolling else {
            return Condition(.endpointReachable, .unknown, "NotTold", "this server does not tell how polling fares")
        }
        return endpointByPolling
    }

    private var endpointByPolling: Condition {
        guard let polling = facts.polling, polling.lastAttempt != nil else {
            return Condition(.endpointReachable, .unknown, "Pending", "the endpoint was not asked yet")
        }
        guard let failure = polling.lastFailure else {
            return Condition(.endpointReachable, .yes, "Reached", "the endpoint brought a bundle")
        }
        return Condition(.endpointReachable, .no, failure.class.reason, Self.text(failure))
    }

    private static func text(_ failure: FederationFailure) -> String {
        // The cure is what an operator needs most; a long cause must not push it out.
        "\(failure.message.shortened(to: StatusText.maximumLength / 2)): \(failure.class.cure)"
    }

    // MARK: - Members

    private var members: JSONObject {
        var members = JSONObject()
        if let polling = facts.polling {
            members["lastRefreshTime"] = polling.lastSuccess.map { .string(StatusText.time($0)) }
            members["nextRefreshTime"] = polling.nextAttempt.map { .string(StatusText.time($0)) }
            members["lastChangeTime"] = polling.lastChange.map { .string(StatusText.time($0)) }
            members["lastError"] = lastError(polling)
        }
        if let bundle = facts.bundle {
            members["sequence"] = bundle.sequenceNumber.map { .number(JSONNumber(Int64(clamping: $0))) }
            members["refreshHintSeconds"] = bundle.refreshHint.map { .number(JSONNumber($0)) }
            members["authorities"] = .array(Self.authorities(of: bundle))
            members["usableUntil"] = BundleLifetime(of: bundle).usableUntil.map { .string(StatusText.time($0)) }
            members["effectiveBundleDigest"] = .string(bundle.digest)
        }
        members["declaredBundleDigest"] = facts.resource?.bundle.map { .string($0.digest) }
        return members
    }

    private var warnings: [String] {
        guard let resource = facts.resource else { return [] }
        return resource.warnings + (resource.bundle?.warnings(at: now) ?? [])
    }

    private func lastError(_ polling: FederationStatus) -> JSONValue? {
        guard let failure = polling.lastFailure else { return nil }
        var error: JSONObject = [
            "class": .string(failure.class.rawValue),
            "message": .string(failure.message.shortened(to: StatusText.maximumLength)),
            "cure": .string(failure.class.cure),
        ]
        error["time"] = polling.lastAttempt.map { .string(StatusText.time($0)) }
        return .object(error)
    }

    private static func authorities(of bundle: SPIFFEBundle) -> [JSONValue] {
        let x509 = bundle.x509Authorities.map { authority -> JSONValue in
            [
                "type": "x509", "id": .string(authority.subjectKeyIdentifier.hex),
                "expiresAt": .string(StatusText.time(authority.end)),
            ]
        }
        let jwt = bundle.jwtAuthorities.map { authority -> JSONValue in
            ["type": "jwt", "id": .string(authority.keyID.shortened(to: 256))]
        }
        return Array((x509 + jwt).prefix(maximumAuthorities))
    }

    // MARK: - Events

    /// What the conditions do not tell: another bundle came.
    private func changeEvents(_ status: JSONValue?) -> [ResourceEvent] {
        guard let bundle = facts.bundle, let before = status?["effectiveBundleDigest"]?.string, before != bundle.digest
        else { return [] }
        let number = bundle.sequenceNumber.map { ", sequence number \($0)" } ?? ""
        return [ResourceEvent(isWarning: false, "BundleChanged", "another bundle is in force\(number)")]
    }
}
