// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import SPIFFE

/// Compares the relationships that ClusterFederatedTrustDomains declare with those that the server has.
package struct FederationPlanner: Hashable, Sendable {
    /// What the server holds for a trust domain.
    package struct Present: Hashable, Sendable {
        package var relationship: FederationRelationship
        /// `nil` when there is none.
        package var bundle: SPIFFEBundle?

        package init(relationship: FederationRelationship, bundle: SPIFFEBundle?) {
            self.relationship = relationship
            self.bundle = bundle
        }
    }

    /// What is known besides the two lists.
    package struct Circumstances: Hashable, Sendable {
        /// Whose relationships this controller made or took over.
        package var owned: Set<TrustDomain> = []
        /// Trust domains of resources that cannot be read: their relationships stay as they are.
        package var unreadable: Set<TrustDomain> = []
        /// Every resource was read.
        package var hasReadAll = true

        package init() {}
    }

    /// Whoever made them: undeclared relationships go, as the upstream controller has it.
    package var deletesForeignRelationships = false

    package init() {}

    /// - Parameter resources: Those that this controller handles.
    package func plan(
        declared resources: [ClusterFederatedTrustDomain], current: [Present],
        _ circumstances: Circumstances = Circumstances()
    ) -> FederationPlan {
        var plan = FederationPlan()
        var present = Dictionary(
            current.map { ($0.relationship.trustDomain, $0) }, uniquingKeysWith: { first, _ in first })
        var chosen: [TrustDomain: ClusterFederatedTrustDomain] = [:]
        for resource in resources.sorted(by: { $0.metadata.precedes($1.metadata) }) {
            let trustDomain = resource.relationship.trustDomain
            if let winner = chosen[trustDomain] {
                plan.conflicts[resource.metadata.name] = winner.metadata.name
            } else {
                chosen[trustDomain] = resource
            }
        }
        for (trustDomain, resource) in chosen.sorted(by: { $0.key < $1.key }) {
            compare(resource, with: present.removeValue(forKey: trustDomain), &plan)
        }
        let undeclared = present.keys.sorted().filter { trustDomain in
            !circumstances.unreadable.contains(trustDomain)
                && (deletesForeignRelationships || circumstances.owned.contains(trustDomain))
        }
        if circumstances.hasReadAll {
            plan.deletes = undeclared
        } else {
            plan.withheld = undeclared
        }
        return plan
    }

    private func compare(_ resource: ClusterFederatedTrustDomain, with present: Present?, _ plan: inout FederationPlan)
    {
        guard let present else {
            return plan.creates.append(.init(relationship: resource.relationship, bundle: resource.bundle))
        }
        let bundle = resource.bundle.flatMap { Self.supersedes($0, present.bundle) ? $0 : nil }
        if present.relationship != resource.relationship {
            plan.updates.append(.init(relationship: resource.relationship, bundle: bundle))
        } else if let bundle {
            plan.bundles.append(bundle)
        }
    }

    /// Whether the text of a resource is taken over what is stored: only when it is newer, or there is nothing. What was
    /// polled meanwhile is never rolled back.
    private static func supersedes(_ text: SPIFFEBundle, _ stored: SPIFFEBundle?) -> Bool {
        guard let stored else { return true }
        guard let new = text.sequenceNumber, let old = stored.sequenceNumber else { return false }
        return new > old
    }
}
