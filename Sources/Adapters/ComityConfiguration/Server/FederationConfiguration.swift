// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import SPIFFE

/// The `federation` block: the own bundle endpoint and the static relationships.
package struct FederationConfiguration: Sendable, Hashable {
    /// Nil when the own bundle is not served.
    package var bundleEndpoint: BundleEndpointConfiguration?
    /// In file order.
    package var relationships: [FederationRelationship] = []
    /// Partners, static or dynamic, whose bundle may hold X.509 roots that other trust domains have too. From the list
    /// `allow_shared_roots` and from the key of that name in `federates_with`.
    package var domainsWithSharedRoots: Set<TrustDomain> = []

    init(in server: ConfigurationSection, of trustDomain: TrustDomain?) {
        guard let section = server.section("federation") else { return }
        bundleEndpoint = section.section("bundle_endpoint").flatMap(BundleEndpointConfiguration.init)
        for member in section.entries("federates_with") {
            guard let relationship = relationship(member, of: trustDomain, section.faults) else { continue }
            if relationships.contains(where: { $0.trustDomain == relationship.trustDomain }) {
                section.faults.error(
                    "federation.federates_with[\(member.key.quoted)] is set more than once", at: member.place)
            }
            relationships.append(relationship)
        }
        for setting in section.texts("allow_shared_roots") {
            guard let trustDomain = Self.trustDomain(setting, section.faults) else { continue }
            domainsWithSharedRoots.insert(trustDomain)
        }
        section.reportUnknownKeys(.warning)
    }

    private mutating func relationship(
        _ member: ConfigurationMember, of own: TrustDomain?, _ faults: FaultCollector
    ) -> FederationRelationship? {
        let name = "federation.federates_with[\(member.key.quoted)]"
        guard let members = member.value.members else {
            faults.error("\(name) must be a block, not \(member.value.kind)", at: member.place)
            return nil
        }
        let section = ConfigurationSection(name, at: member.place, members: members, faults: faults)
        defer { section.reportUnknownKeys(.warning) }
        let url = section.endpointURL()
        let profile = section.profile(of: member.key)
        let sharesRoots = section.flag("allow_shared_roots") ?? false
        let key = Setting(value: member.key, place: member.place)
        guard let trustDomain = Self.trustDomain(key, faults) else { return nil }
        guard trustDomain != own else {
            faults.error(
                "\(name) is the trust domain of this server, which cannot federate with itself", at: member.place)
            return nil
        }
        if sharesRoots { domainsWithSharedRoots.insert(trustDomain) }
        guard let url, let profile else { return nil }
        return FederationRelationship(trustDomain: trustDomain, bundleEndpointURL: url, profile: profile)
    }

    private static func trustDomain(_ name: Setting<String>, _ faults: FaultCollector) -> TrustDomain? {
        do {
            return try TrustDomain(nameOrID: name.value)
        } catch {
            faults.error("could not parse federated trust domain \(name.value.quoted): \(error)", at: name.place)
            return nil
        }
    }
}

extension ConfigurationSection {
    fileprivate func endpointURL() -> String? {
        let key = "bundle_endpoint_url"
        guard let url = requiredText(key, missing: "\(path(key)) must be configured") else { return nil }
        guard url.value.lowercased().hasPrefix("https://") else {
            // A password is not repeated.
            let found = url.value.contains("@") ? "" : "; URL found: \(url.value.quoted)"
            faults.error("\(path(key)) must use the HTTPS protocol\(found)", at: url.place)
            return nil
        }
        do {
            _ = try BundleEndpointURL(url.value)
        } catch {
            faults.error("\(path(key)): \(error.message)", at: url.place)
            return nil
        }
        return url.value
    }

    fileprivate func profile(of trustDomain: String) -> FederationRelationship.Profile? {
        let prefix = "error parsing federation relationship for trust domain \(trustDomain.quoted)"
        guard let profile = section("bundle_endpoint_profile") else {
            faults.error(
                "federation configuration for trust domain \(trustDomain.quoted): missing bundle endpoint configuration",
                at: place,
                cure: "add bundle_endpoint_profile \"https_web\" {} or \"https_spiffe\" { endpoint_spiffe_id }")
            return nil
        }
        guard let member = profile.onlyProfile(entries("bundle_endpoint_profile"), prefix: "\(prefix): ") else {
            return nil
        }
        switch member.key {
        case "https_web":
            return .httpsWeb
        case "https_spiffe":
            let block = ConfigurationSection(
                path("bundle_endpoint_profile.https_spiffe"), at: member.place, members: member.value.members ?? [],
                faults: faults)
            defer { block.reportUnknownKeys(.warning) }
            return block.endpointID(prefix: prefix)
        default:
            faults.error(
                "\(prefix): no bundle endpoint profile defined; current supported profiles are "
                    + "\"https_spiffe\" and \"https_web\"", at: member.place)
            return nil
        }
    }

    private func endpointID(prefix: String) -> FederationRelationship.Profile? {
        guard
            let id = requiredText(
                "endpoint_spiffe_id", missing: "\(prefix): could not get endpoint SPIFFE ID: cannot be empty")
        else { return nil }
        do {
            return .httpsSPIFFE(endpointID: try SPIFFEID(id.value))
        } catch {
            faults.error("\(prefix): could not get endpoint SPIFFE ID: \(error)", at: id.place)
            return nil
        }
    }

    /// The one profile of a profile block.
    func onlyProfile(_ members: [ConfigurationMember], prefix: String = "") -> ConfigurationMember? {
        guard members.count == 1 else {
            faults.error("\(prefix)exactly one bundle endpoint profile is expected", at: place)
            return nil
        }
        return members.first
    }
}
