// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import ComityRegistry
import FoundationEssentials
import SPIFFE
import X509

/// The ClusterFederatedTrustDomain for a partner.
struct PartnerManifest: Hashable {
    var name: String
    /// Empty when no class is named.
    var className = ""
    var bundle: SPIFFEBundle
    /// `nil` makes an object that only carries the bundle.
    var endpoint: FederationRelationship?
    /// Where the bundle comes from.
    var source: String
    /// The endpoint was believed what it said of itself.
    var isTrustedOnFirstUse = false

    /// A name for the object that Kubernetes takes.
    static func name(for trustDomain: TrustDomain) -> String {
        let labels = trustDomain.name.replacing("_", with: "-").split(separator: ".").map { label in
            label.drop { $0 == "-" }.trimmingSuffix { $0 == "-" }
        }
        let name = labels.filter { !$0.isEmpty }.joined(separator: ".")
        return name.isEmpty ? "partner" : name
    }

    /// Whether Kubernetes takes it as the name of an object.
    static func isName(_ name: String) -> Bool {
        (1...253).contains(name.utf8.count)
            && name.wholeMatch(of: /[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/) != nil
    }

    /// YAML with what to compare in comments.
    var text: String {
        let comments =
            ["\(bundle.trustDomain), from \(source.quoted)"]
            + (isTrustedOnFirstUse
                ? ["Nothing but the endpoint's own word says that this is the partner's bundle."] : [])
            + ["Compare with the partner by another way before you apply this:"] + fingerprints.map { "  \($0)" }
        return comments.map { "# \($0)\n" }.joined() + YAML.text(object)
    }

    /// One line for each authority.
    var fingerprints: [String] {
        bundle.x509Authorities.map {
            "x509 SHA-256 \($0.fingerprint) until \($0.certificate.notValidAfter.formatted(.iso8601))"
        } + bundle.jwtAuthorities.map { "jwt \($0.keyID.quoted)" }
    }

    private var object: JSONValue {
        .message([
            "apiVersion": "spire.spiffe.io/v1alpha1", "kind": "ClusterFederatedTrustDomain",
            "metadata": .message(["name": .string(name)]),
            "spec": .message([
                "trustDomain": .string(bundle.trustDomain.name),
                "className": className.isEmpty ? nil : .string(className),
                "bundleEndpointURL": endpoint.map { .string($0.bundleEndpointURL) },
                "bundleEndpointProfile": endpoint.map { Self.profile($0.profile) },
                "trustDomainBundle": .string(String(decoding: bundle.document(), as: UTF8.self) + "\n"),
            ]),
        ])
    }

    private static func profile(_ profile: FederationRelationship.Profile) -> JSONValue {
        var endpointID: JSONValue?
        if case .httpsSPIFFE(let id) = profile { endpointID = .string(id.uri) }
        return .message(["type": .string(profile.name), "endpointSPIFFEID": endpointID])
    }
}

extension Substring {
    fileprivate func trimmingSuffix(while isTrimmed: (Character) -> Bool) -> Substring {
        var rest = self
        while let last = rest.last, isTrimmed(last) { rest.removeLast() }
        return rest
    }
}
