// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
import SPIFFE
package import ServerAPIProtos

extension Spire_Api_Types_FederationRelationship {
    /// - Parameter fields: what is sent besides the trust domain.
    /// - Throws: ``RegistryError`` with code `internalError` when a key of the bundle cannot be encoded.
    package init(
        _ relationship: FederationRelationship, bundle: BundleRecord?, fields: Set<RelationshipField> = .all
    ) throws(RegistryError) {
        self.init()
        trustDomain = relationship.trustDomain.name
        if fields.contains(.bundleEndpointURL) { bundleEndpointURL = relationship.bundleEndpointURL }
        if fields.contains(.bundleEndpointProfile) {
            switch relationship.profile {
            case .httpsWeb: httpsWeb = Spire_Api_Types_HTTPSWebProfile()
            case .httpsSPIFFE(let id): httpsSpiffe.endpointSpiffeID = id.uri
            }
        }
        if fields.contains(.trustDomainBundle), let bundle {
            trustDomainBundle = try Spire_Api_Types_Bundle(bundle)
        }
    }
}

extension FederationRelationship {
    /// - Throws: ``RegistryError`` with code `invalidArgument`.
    package init(_ proto: Spire_Api_Types_FederationRelationship) throws(RegistryError) {
        let trustDomain: TrustDomain
        do {
            trustDomain = try TrustDomain(wire: proto.trustDomain)
        } catch {
            throw RegistryError(.invalidArgument, "failed to parse trust domain: \(error.message)")
        }
        self.init(
            trustDomain: trustDomain, bundleEndpointURL: proto.bundleEndpointURL,
            profile: try Profile(proto.bundleEndpointProfile))
    }
}

extension FederationRelationship.Profile {
    fileprivate init(
        _ proto: Spire_Api_Types_FederationRelationship.OneOf_BundleEndpointProfile?
    ) throws(RegistryError) {
        switch proto {
        case nil: throw RegistryError(.invalidArgument, "unsupported bundle endpoint profile type: <nil>")
        case .httpsWeb: self = .httpsWeb
        case .httpsSpiffe(let profile):
            do {
                self = .httpsSPIFFE(endpointID: try SPIFFEID(profile.endpointSpiffeID))
            } catch {
                throw RegistryError(.invalidArgument, "failed to parse endpoint SPIFFE ID: \(error)")
            }
        }
    }
}

extension BundleRecord {
    /// The bundle that came with a relationship, if one did.
    ///
    /// - Throws: ``RegistryError`` with code `invalidArgument`.
    package static func sent(
        with proto: Spire_Api_Types_FederationRelationship
    ) throws(RegistryError) -> BundleRecord? {
        guard proto.hasTrustDomainBundle else { return nil }
        do {
            return try BundleRecord(proto.trustDomainBundle)
        } catch {
            throw RegistryError(.invalidArgument, "failed to parse bundle: \(error.message)")
        }
    }
}
