// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import SPIFFE

/// A custom resource that says where a foreign trust domain's bundle comes from.
package struct ClusterFederatedTrustDomain: Hashable, Sendable {
    package static let kind = "ClusterFederatedTrustDomain"

    package let metadata: ResourceMetadata
    package let className: String
    package let relationship: FederationRelationship
    /// What the resource carries for the beginning; `nil` when it carries none.
    package let bundle: SPIFFEBundle?
    /// Spellings that are accepted though they are not the field's own.
    package let warnings: [String]

    /// - Throws: ``ResourceError`` with code `invalid`.
    package init(json: JSONValue) throws(ResourceError) {
        metadata = try ResourceMetadata(json: json)
        let spec = try SpecificationReader(json)
        className = try spec.text("className")
        var warnings: [String] = []
        let trustDomain = try Self.trustDomain(spec)
        relationship = FederationRelationship(
            trustDomain: trustDomain, bundleEndpointURL: try Self.url(spec, &warnings),
            profile: try Self.profile(spec, &warnings))
        bundle = try Self.bundle(of: trustDomain, spec)
        self.warnings = warnings
    }

    private static func trustDomain(_ spec: SpecificationReader) throws(ResourceError) -> TrustDomain {
        let text = try spec.requiredText("trustDomain")
        do throws(SPIFFEError) {
            return try SpecificationReader.trustDomain(text)
        } catch {
            throw .invalid("spec.trustDomain", "\(error)")
        }
    }

    private static func url(
        _ spec: SpecificationReader, _ warnings: inout [String]
    ) throws(ResourceError) -> String {
        var text = try spec.text("bundleEndpointURL")
        if text.isEmpty {
            text = try spec.text("bundleEndpointUrl")
            guard !text.isEmpty else { throw .invalid("spec.bundleEndpointURL", "must not be empty") }
            warnings.append("spec.bundleEndpointUrl should be spec.bundleEndpointURL")
        }
        do throws(RegistryError) {
            _ = try BundleEndpointURL(text)
            return text
        } catch {
            throw .invalid("spec.bundleEndpointURL", "\(error.message)")
        }
    }

    private static func profile(
        _ spec: SpecificationReader, _ warnings: inout [String]
    ) throws(ResourceError) -> FederationRelationship.Profile {
        let path = "spec.bundleEndpointProfile"
        guard let profile = spec["bundleEndpointProfile"]?.object else {
            throw .invalid(path, "is missing: type must be https_spiffe or https_web")
        }
        let id = profile["endpointSPIFFEID"]?.string ?? ""
        let alias = profile["endpointSpiffeId"]?.string ?? ""
        if !alias.isEmpty {
            guard id.isEmpty || id == alias else {
                throw .invalid(path, "has endpointSPIFFEID and endpointSpiffeId, which differ")
            }
            warnings.append("\(path).endpointSpiffeId should be endpointSPIFFEID")
        }
        let named = id.isEmpty ? alias : id
        switch profile["type"]?.string ?? "" {
        case "https_web":
            guard named.isEmpty else {
                throw .invalid("\(path).endpointSPIFFEID", "must not be set for https_web")
            }
            return .httpsWeb
        case "https_spiffe":
            guard !named.isEmpty else {
                throw .invalid("\(path).endpointSPIFFEID", "must be set for https_spiffe")
            }
            do throws(SPIFFEError) {
                return .httpsSPIFFE(endpointID: try SPIFFEID(named))
            } catch {
                throw .invalid("\(path).endpointSPIFFEID", "\(error)")
            }
        case let type: throw .invalid("\(path).type", "is \"\(type)\": must be https_spiffe or https_web")
        }
    }

    private static func bundle(
        of trustDomain: TrustDomain, _ spec: SpecificationReader
    ) throws(ResourceError) -> SPIFFEBundle? {
        let text = try spec.text("trustDomainBundle")
        guard !text.isEmpty else { return nil }
        do throws(SPIFFEError) {
            let document = try BundleDocument(parsing: Array(text.utf8), format: .spiffe, trustDomain: trustDomain)
            guard !document.bundle.x509Authorities.isEmpty || !document.bundle.jwtAuthorities.isEmpty else {
                throw SPIFFEError(.invalidBundle, "no authorities found")
            }
            return document.bundle
        } catch {
            throw .invalid("spec.trustDomainBundle", "\(error)")
        }
    }
}
