// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import FoundationEssentials
package import SPIFFE

/// A bundle that a resource carries as text, or names.
package struct DeclaredBundle: Hashable, Sendable {
    package let bundle: SPIFFEBundle
    /// Of the canonical form, whatever the layout of the text.
    package let digest: String
    /// What is odd but not wrong.
    package let warnings: [String]

    /// - Parameter path: What refusals call the text.
    /// - Returns: `nil` when the text has no keys at all: it declares nothing.
    /// - Throws: ``ResourceError`` with code `invalid`.
    package init?(
        _ text: String, of trustDomain: TrustDomain, at path: String = "spec.trustDomainBundle"
    ) throws(ResourceError) {
        let bytes = Array(text.utf8)
        guard BundleFormat.detect(bytes) != .pem else {
            throw .invalid(
                path,
                "is in PEM; it must be a bundle document, JSON with \"keys\", which 'bundle show -format spiffe' prints"
            )
        }
        let document: BundleDocument
        do throws(SPIFFEError) {
            document = try BundleDocument(
                parsing: bytes, format: BundleFormat.detect(bytes) ?? .spiffe, trustDomain: trustDomain)
        } catch {
            throw .invalid(path, "\(error)")
        }
        // Of a key that is meant for somebody else nothing is known; one that is meant for us must be whole.
        if let broken = document.ignoredEntries.first(where: { ["x509-svid", "jwt-svid"].contains($0.use) }) {
            throw .invalid(path, "has a broken key at position \(broken.index): \(broken.reason)")
        }
        bundle = document.bundle
        guard !bundle.x509Authorities.isEmpty || !bundle.jwtAuthorities.isEmpty else { return nil }
        digest = bundle.digest
        var warnings = document.ignoredEntries.prefix(3).map { "\(path): key \($0.index) is passed over: \($0.reason)" }
        if document.format == .api {
            warnings.append(
                "\(path) has the layout of the server's API (x509_authorities); the canonical form has \"keys\", "
                    + "which 'bundle show -format spiffe' prints")
        }
        self.warnings = warnings
    }

    /// What the text cannot say of itself.
    package func warnings(at now: Date) -> [String] {
        guard let end = BundleLifetime(of: bundle).usableUntil, end <= now else { return [] }
        return ["every X.509 authority of the declared bundle has ended, the last at \(end.formatted(.iso8601))"]
    }

    /// Whether it is put in the place of what is stored. What is newer, or was fetched since, stays.
    ///
    /// - Parameters:
    ///   - stored: `nil` when there is none.
    ///   - remembered: The digest of what the resource declared before; `nil` when it is not known.
    ///   - polling: What polling has taught; `nil` when nothing polls.
    package func replaces(_ stored: SPIFFEBundle?, remembered: String?, polling: FederationStatus?) -> Bool {
        guard let stored else { return true }
        guard !bundle.hasSameContent(as: stored) else { return false }
        if let new = bundle.sequenceNumber, let old = stored.sequenceNumber, new > old { return true }
        guard let remembered, remembered != digest else { return false }
        let isFresh = polling?.lastSuccess != nil && polling?.lastFailure == nil
        if remembered == stored.digest, !isFresh { return true }
        return Self.isStuck(polling) && (bundle.sequenceNumber ?? .max) >= (stored.sequenceNumber ?? 0)
    }

    /// Whether nothing can be fetched before somebody gives the server a bundle that the endpoint can be verified by.
    private static func isStuck(_ polling: FederationStatus?) -> Bool {
        switch polling?.lastFailure?.class {
        case .tlsIdentity, .noBundle: true
        default: false
        }
    }
}
