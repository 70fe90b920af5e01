// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import FoundationEssentials
import Logging

/// SPIRE's lines to the letter, and a few of our own.
extension Logger {
    func log(_ notice: BundleClientNotice) {
        switch notice {
        case .managed(let relationship):
            info("Trust domain is now managed", metadata: endpoint(relationship, key: "trust_domain"))
        case .updated(let relationship):
            info("Updated configuration for managed trust domain", metadata: endpoint(relationship, key: "entry"))
        case .noLongerManaged(let trustDomain):
            info("Trust domain no longer managed", metadata: ["entry": "\(trustDomain)"])
        case .noLongerPolling(let trustDomain):
            info("No longer polling for updates", metadata: ["trust_domain": "\(trustDomain)"])
        case .polling(let trustDomain):
            debug("Polling for bundle update", metadata: ["trust_domain": "\(trustDomain)"])
        case .refreshed(let trustDomain, let changed, let next):
            info(
                "Bundle refreshed",
                metadata: [
                    "trust_domain": "\(trustDomain)", "changed": "\(changed)", "next_refresh": "\(rfc3339(next))",
                ])
        case .failed(let trustDomain, let failure):
            error("Error updating bundle", metadata: ["trust_domain": "\(trustDomain)", "error": "\(failure)"])
        case .scheduled(let trustDomain, let date):
            debug(
                "Scheduling next bundle refresh",
                metadata: ["trust_domain": "\(trustDomain)", "at": "\(rfc3339(date))"])
        case .shadowed(let trustDomain):
            warning(
                "Relationship of the configuration file is in force, not the one of the same trust domain in the store",
                metadata: ["trust_domain": "\(trustDomain)"])
        case .ownTrustDomain(let trustDomain):
            error(
                "Ignoring federation relationship with the server's own trust domain",
                metadata: ["trust_domain": "\(trustDomain)"])
        }
    }

    func log(_ warning: UnrefreshedBundles.Warning) {
        switch warning {
        case .noRefreshSource(let trustDomain, let lifetime):
            self.warning(
                "Stored bundle has no refresh source; create a federation relationship or set it anew in time",
                metadata: [
                    "trust_domain": "\(trustDomain)", "first_expiry": "\(rfc3339(lifetime.firstExpiry))",
                    "usable_until": "\(rfc3339(lifetime.usableUntil))",
                ])
        case .agedOut(let trustDomain, let lifetime):
            self.warning(
                "Stored bundle has aged out; set it anew or create a federation relationship",
                metadata: ["trust_domain": "\(trustDomain)", "usable_until": "\(rfc3339(lifetime.usableUntil))"])
        }
    }

    private func endpoint(_ relationship: FederationRelationship, key: String) -> Metadata {
        [
            "bundle_endpoint_url": "\(relationship.bundleEndpointURL)",
            "bundle_endpoint_profile": "\(relationship.profile.name)", key: "\(relationship.trustDomain)",
        ]
    }

    private func rfc3339(_ date: Date?) -> String {
        date?.formatted(.iso8601) ?? "unknown"
    }
}
