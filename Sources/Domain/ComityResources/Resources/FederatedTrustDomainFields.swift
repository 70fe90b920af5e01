// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import SPIFFE

/// Reads the fields of a ClusterFederatedTrustDomain's specification.
struct FederatedTrustDomainFields {
    static let names: Set<String> = [
        "trustDomain", "bundleEndpointURL", "bundleEndpointUrl", "bundleEndpointProfile", "trustDomainBundle",
        "trustDomainBundleFrom", "onDelete", "className",
    ]

    private let spec: SpecificationReader

    init(_ spec: SpecificationReader) {
        self.spec = spec
    }

    func trustDomain() throws(ResourceError) -> TrustDomain {
        let text = try spec.requiredText("trustDomain")
        do throws(SPIFFEError) {
            return try SpecificationReader.trustDomain(text)
        } catch {
            throw .invalid("spec.trustDomain", "\(error)")
        }
    }

    func retention() throws(ResourceError) -> BundleRetention {
        let text = try spec.text("onDelete")
        guard !text.isEmpty else { return .retain }
        guard let retention = BundleRetention(rawValue: text) else {
            let allowed = BundleRetention.allCases.map(\.rawValue).joined(separator: " or ")
            throw .invalid("spec.onDelete", "is \(text.quoted): must be \(allowed)")
        }
        return retention
    }

    func bundleReference() throws(ResourceError) -> BundleReference? {
        guard let json = spec["trustDomainBundleFrom"] else { return nil }
        guard try spec.text("trustDomainBundle").isEmpty else {
            throw .invalid("spec.trustDomainBundleFrom", "must not be set beside trustDomainBundle")
        }
        return try BundleReference(json: json, at: "spec.trustDomainBundleFrom")
    }

    /// - Returns: `nil` when there is neither URL nor profile, but a bundle.
    func relationship(
        with trustDomain: TrustDomain, _ warnings: inout [String]
    ) throws(ResourceError) -> FederationRelationship? {
        let url = try url(&warnings)
        guard let url else {
            guard spec["bundleEndpointProfile"] == nil else {
                throw .invalid("spec.bundleEndpointURL", "must not be empty")
            }
            guard spec["trustDomainBundleFrom"] != nil || spec["trustDomainBundle"] != nil else {
                throw .invalid(
                    "spec.bundleEndpointURL",
                    "must not be empty, unless trustDomainBundle or trustDomainBundleFrom holds the bundle")
            }
            return nil
        }
        return FederationRelationship(
            trustDomain: trustDomain, bundleEndpointURL: url, profile: try profile(of: trustDomain, &warnings))
    }

    private func url(_ warnings: inout [String]) throws(ResourceError) -> String? {
        let text = try spec.text("bundleEndpointURL", alias: "bundleEndpointUrl", &warnings)
        guard !text.isEmpty else { return nil }
        do throws(RegistryError) {
            _ = try BundleEndpointURL(text)
            return text
        } catch {
            throw .invalid("spec.bundleEndpointURL", "is \(text.quoted): \(error.message)")
        }
    }

    private func profile(
        of trustDomain: TrustDomain, _ warnings: inout [String]
    ) throws(ResourceError) -> FederationRelationship.Profile {
        let path = "spec.bundleEndpointProfile"
        guard let json = spec["bundleEndpointProfile"], json.object != nil else {
            throw .invalid(
                path,
                "is missing: it says how the endpoint proves itself, as {type: https_spiffe, endpointSPIFFEID: "
                    + "\(trustDomain.id.uri)/spire/server} or {type: https_web}")
        }
        let profile = try SpecificationReader(json, at: path)
        warnings += profile.warnings(besides: ["type", "endpointSPIFFEID", "endpointSpiffeId"])
        let named = try profile.text("endpointSPIFFEID", alias: "endpointSpiffeId", &warnings)
        switch try profile.text("type") {
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
        case let type: throw .invalid("\(path).type", "is \(type.quoted): must be https_spiffe or https_web")
        }
    }
}
