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
        /// Whose relationships another controller calls its own.
        package var claimedByOthers: Set<TrustDomain> = []
        /// Whose bundles go with their resource, as it was declared once.
        package var dissolvable: Set<TrustDomain> = []
        /// With which the server's configuration file has a relationship.
        package var configured: Set<TrustDomain> = []
        /// Stored bundles of trust domains without a relationship in the list.
        package var bundles: [TrustDomain: SPIFFEBundle] = [:]
        /// What polling has taught.
        package var polling: [TrustDomain: FederationStatus] = [:]
        /// Digests of what resources declared before, by their names.
        package var remembered: [String: String] = [:]
        /// Trust domains of resources that cannot be read: what the server has stays as it is.
        package var unreadable: Set<TrustDomain> = []
        /// Every resource was read.
        package var hasReadAll = true
        /// The operator lets any number be deleted this time.
        package var ignoresDeletionLimit = false

        package init() {}
    }

    /// Whoever made them: undeclared relationships go and others are changed, as the upstream controller has it.
    package var deletesForeignRelationships = false
    /// Of our relationships, at most this share goes at once; this many may in any case.
    package var maximumDeletedShare = 0.5
    package var alwaysDeletable = 5

    package init() {}

    /// - Parameter resources: Those that this controller handles.
    package func plan(
        declared resources: [ClusterFederatedTrustDomain], current: [Present],
        _ circumstances: Circumstances = Circumstances()
    ) -> FederationPlan {
        var plan = FederationPlan()
        var present = Dictionary(
            current.map { ($0.relationship.trustDomain, $0) }, uniquingKeysWith: { first, _ in first })
        let chosen = choose(resources, &plan)
        for (trustDomain, resource) in chosen.sorted(by: { $0.key < $1.key }) {
            // A relationship that its resource no longer asks for is like one that nobody declares.
            let stored = present[trustDomain]
            if resource.relationship != nil { present[trustDomain] = nil }
            compare(resource, with: stored, circumstances, &plan)
        }
        let undeclared = present.keys.sorted().filter { trustDomain in
            !circumstances.unreadable.contains(trustDomain) && isOurs(trustDomain, circumstances)
        }
        let dissolving = circumstances.dissolvable.subtracting(chosen.keys).subtracting(circumstances.unreadable)
        let ours = current.count { isOurs($0.relationship.trustDomain, circumstances) }
        delete(undeclared, dissolving.sorted(), ours: ours, circumstances, &plan)
        return plan
    }

    private func choose(
        _ resources: [ClusterFederatedTrustDomain], _ plan: inout FederationPlan
    ) -> [TrustDomain: ClusterFederatedTrustDomain] {
        var chosen: [TrustDomain: ClusterFederatedTrustDomain] = [:]
        for resource in resources.sorted(by: { $0.metadata.precedes($1.metadata) }) {
            if let winner = chosen[resource.trustDomain] {
                plan.conflicts[resource.metadata.name] = .resource(winner.metadata.name)
            } else {
                chosen[resource.trustDomain] = resource
            }
        }
        return chosen
    }

    private func isOurs(_ trustDomain: TrustDomain, _ circumstances: Circumstances) -> Bool {
        deletesForeignRelationships || circumstances.owned.contains(trustDomain)
    }

    private func compare(
        _ resource: ClusterFederatedTrustDomain, with present: Present?, _ circumstances: Circumstances,
        _ plan: inout FederationPlan
    ) {
        let trustDomain = resource.trustDomain
        let bundle = bundle(of: resource, over: present?.bundle ?? circumstances.bundles[trustDomain], circumstances)
        if let conflict = conflict(resource, with: present, circumstances) {
            plan.conflicts[resource.metadata.name] = conflict
            // What the configuration file begins may still lack a bundle to begin with.
            if conflict == .configuration, circumstances.bundles[trustDomain] == nil, let bundle {
                plan.bundles.append(bundle)
            }
            return
        }
        plan.inForce[trustDomain] = resource
        if resource.retention == .dissolve { plan.dissolvable.insert(trustDomain) }
        guard let wanted = resource.relationship else {
            return plan.bundles += bundle.map { [$0] } ?? []
        }
        guard let present else {
            return plan.creates.append(.init(relationship: wanted, bundle: bundle))
        }
        if !isOurs(trustDomain, circumstances) { plan.adoptions.append(trustDomain) }
        if present.relationship != wanted {
            plan.updates.append(.init(relationship: wanted, bundle: bundle))
        } else if let bundle {
            plan.bundles.append(bundle)
        }
    }

    private func conflict(
        _ resource: ClusterFederatedTrustDomain, with present: Present?, _ circumstances: Circumstances
    ) -> FederationConflict? {
        let trustDomain = resource.trustDomain
        if circumstances.configured.contains(trustDomain) { return .configuration }
        if circumstances.claimedByOthers.contains(trustDomain) { return .controller }
        guard let present, !isOurs(trustDomain, circumstances), present.relationship != resource.relationship else {
            return nil
        }
        return .relationship
    }

    /// What is declared, if it takes the place of what is stored.
    private func bundle(
        of resource: ClusterFederatedTrustDomain, over stored: SPIFFEBundle?, _ circumstances: Circumstances
    ) -> SPIFFEBundle? {
        guard let declared = resource.bundle else { return nil }
        let takesPlace = declared.replaces(
            stored, remembered: circumstances.remembered[resource.metadata.name],
            polling: resource.relationship == nil ? nil : circumstances.polling[resource.trustDomain])
        return takesPlace ? declared.bundle : nil
    }

    private func delete(
        _ undeclared: [TrustDomain], _ dissolving: [TrustDomain], ours: Int, _ circumstances: Circumstances,
        _ plan: inout FederationPlan
    ) {
        let allowed = max(alwaysDeletable, Int(Double(ours) * maximumDeletedShare))
        if !circumstances.hasReadAll {
            plan.withheld = undeclared
            plan.withholding = undeclared.isEmpty ? nil : .incompleteRead
        } else if undeclared.count > allowed, !circumstances.ignoresDeletionLimit {
            plan.withheld = undeclared
            plan.withholding = .tooMany(allowed: allowed)
        } else {
            plan.deletes = undeclared
            plan.dissolves = dissolving
        }
    }
}
