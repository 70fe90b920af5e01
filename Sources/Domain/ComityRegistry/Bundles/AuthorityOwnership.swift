// SPDX-License-Identifier: Apache-2.0

package import SPIFFE
import X509

/// Whose keys are whose: a key belongs to one trust domain, for who holds it makes identities of every trust domain whose
/// bundle has it.
///
/// The bundle that has a key already keeps it. A root that names the trust domain of the new bundle is that one's all the
/// same, so that nobody can take another's root by publishing it first.
package struct AuthorityOwnership: Sendable {
    private let own: TrustDomain
    private let domainsWithSharedRoots: Set<TrustDomain>

    /// - Parameters:
    ///   - own: the server's trust domain.
    ///   - domainsWithSharedRoots: partners that may have X.509 roots of others, by `allow_shared_roots`.
    package init(own: TrustDomain, domainsWithSharedRoots: Set<TrustDomain> = []) {
        self.own = own
        self.domainsWithSharedRoots = domainsWithSharedRoots
    }

    /// Looks for keys of a bundle that are in one of the others.
    ///
    /// - Parameter others: bundles that are stored; one of the same trust domain does not count.
    /// - Throws: ``FederationFailure`` of class `sharedKey`, naming the first such key.
    package func check(_ bundle: SPIFFEBundle, against others: [SPIFFEBundle]) throws(FederationFailure) {
        let others = others.filter { $0.trustDomain != bundle.trustDomain }
        if let (authority, owner) = sharedKey(of: bundle, in: others) {
            throw FederationFailure(
                .sharedKey,
                "bundle of \"\(bundle.trustDomain)\" holds JWT key \"\(authority.keyID)\", which is one of "
                    + "\(name(owner)): a key belongs to one trust domain; " + wayOn(owner))
        }
        guard !domainsWithSharedRoots.contains(bundle.trustDomain) else { return }
        if let (authority, owner) = sharedRoot(of: bundle, in: others) {
            throw FederationFailure(
                .sharedKey,
                "bundle of \"\(bundle.trustDomain)\" holds the X.509 root with serial number "
                    + "\(authority.certificate.serialNumber), whose key is one of \(name(owner)): if both "
                    + "trust domains are meant to share it, set allow_shared_roots for "
                    + "\"\(bundle.trustDomain)\" in the federation section; if not, " + wayOn(owner))
        }
    }

    private func sharedKey(of bundle: SPIFFEBundle, in others: [SPIFFEBundle]) -> (JWTAuthority, TrustDomain)? {
        let owners = owners(in: others) { $0.jwtAuthorities.map(\.publicKey) }
        return bundle.jwtAuthorities.lazy.compactMap { authority in
            owners[bytes(authority.publicKey)].map { (authority, $0) }
        }.first
    }

    private func sharedRoot(of bundle: SPIFFEBundle, in others: [SPIFFEBundle]) -> (X509Authority, TrustDomain)? {
        let owners = owners(in: others) { $0.x509Authorities.map(\.certificate.publicKey) }
        return bundle.x509Authorities.lazy.compactMap { authority in
            guard let owner = owners[bytes(authority.certificate.publicKey)] else { return nil }
            return owner != own && authority.names(bundle.trustDomain) ? nil : (authority, owner)
        }.first
    }

    private func owners(
        in bundles: [SPIFFEBundle], _ keys: (SPIFFEBundle) -> [Certificate.PublicKey]
    ) -> [[UInt8]: TrustDomain] {
        var owners: [[UInt8]: TrustDomain] = [:]
        for bundle in bundles {
            for key in keys(bundle) where owners[bytes(key)] != own {
                owners[bytes(key)] = bundle.trustDomain
            }
        }
        return owners
    }

    private func bytes(_ key: Certificate.PublicKey) -> [UInt8] {
        Array(key.subjectPublicKeyInfoBytes)
    }

    private func name(_ owner: TrustDomain) -> String {
        owner == own ? "this server's own trust domain" : "\"\(owner)\""
    }

    private func wayOn(_ owner: TrustDomain) -> String {
        owner == own
            ? "ask its operator why" : "ask both operators whose it is; 'bundle delete -id \(owner)' frees it"
    }
}

extension X509Authority {
    /// Whether the certificate itself says that it is an authority of the trust domain.
    fileprivate func names(_ trustDomain: TrustDomain) -> Bool {
        let names = (try? certificate.extensions.subjectAlternativeNames) ?? nil
        let uris = names?.compactMap { if case .uniformResourceIdentifier(let uri) = $0 { uri } else { nil } }
        return uris == [trustDomain.id.uri]
    }
}
