// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import SPIFFE

/// A custom resource that says where a foreign trust domain's bundle comes from.
package struct ClusterFederatedTrustDomain: Hashable, Sendable {
    package static let kind = "ClusterFederatedTrustDomain"

    package let metadata: ResourceMetadata
    package let className: String
    package let trustDomain: TrustDomain
    /// `nil` when the resource names no endpoint: the bundle is then the one that it carries or names.
    package let relationship: FederationRelationship?
    /// For the beginning, or for good without an endpoint; `nil` when the resource carries none.
    package private(set) var bundle: DeclaredBundle?
    /// Where the bundle is to be read from; see ``taking(bundle:)``.
    package let bundleReference: BundleReference?
    package let retention: BundleRetention
    /// Spellings that are accepted though they are not the field's own, and the like.
    package private(set) var warnings: [String]

    /// - Parameter ownTrustDomain: The server's.
    /// - Throws: ``ResourceError`` with code `invalid`, or `trustDomain` for the server's own.
    package init(json: JSONValue, ownTrustDomain: TrustDomain? = nil) throws(ResourceError) {
        metadata = try ResourceMetadata(json: json)
        let spec = try SpecificationReader(json)
        let fields = FederatedTrustDomainFields(spec)
        className = try spec.text("className")
        trustDomain = try fields.trustDomain()
        guard trustDomain != ownTrustDomain else {
            throw ResourceError(
                .trustDomain,
                "spec.trustDomain is \(trustDomain.name.quoted), this server's own trust domain, which it cannot federate "
                    + "with: every cluster needs a trust domain of its own")
        }
        var warnings = spec.warnings(besides: FederatedTrustDomainFields.names)
        retention = try fields.retention()
        bundleReference = try fields.bundleReference()
        relationship = try fields.relationship(with: trustDomain, &warnings)
        let text = try spec.text("trustDomainBundle")
        self.warnings = warnings
        guard !text.isEmpty else { return }
        bundle = try DeclaredBundle(text, of: trustDomain)
        if let bundle {
            self.warnings += bundle.warnings
        } else {
            guard relationship != nil else { throw .invalid("spec.trustDomainBundle", "has no authorities") }
            self.warnings.append("spec.trustDomainBundle has no authorities: it is passed over")
        }
    }

    /// The resource with the bundle that ``bundleReference`` leads to.
    ///
    /// - Throws: ``ResourceError`` with code `invalid` when the text is no bundle of the trust domain.
    package func taking(bundle text: String) throws(ResourceError) -> ClusterFederatedTrustDomain {
        let path = bundleReference.map(\.description) ?? "bundle"
        var resource = self
        guard let bundle = try DeclaredBundle(text, of: trustDomain, at: path) else {
            throw .invalid(path, "has no authorities")
        }
        resource.bundle = bundle
        resource.warnings += bundle.warnings
        return resource
    }

    /// The trust domain of a resource that may be wrong otherwise; `nil` when it cannot be told.
    package static func trustDomain(of json: JSONValue) -> TrustDomain? {
        guard let spec = try? SpecificationReader(json) else { return nil }
        return try? FederatedTrustDomainFields(spec).trustDomain()
    }
}
