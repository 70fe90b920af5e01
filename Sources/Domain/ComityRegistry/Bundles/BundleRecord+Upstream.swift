// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

extension BundleRecord {
    /// What an upstream authority took trust from.
    package struct UpstreamNews: Hashable, Sendable {
        package var tainted: [X509Authority]
        package var revoked: [X509Authority]

        package init(tainted: [X509Authority] = [], revoked: [X509Authority] = []) {
            self.tainted = tainted
            self.revoked = revoked
        }
    }

    /// Takes over what the trust domain is verified by as seen from above: new authorities are added, tainted ones are
    /// marked, and tainted ones that are gone there are removed. Others that are gone there stay until they have ended.
    ///
    /// The sequence number grows by one if anything changed.
    ///
    /// - Throws: ``RegistryError`` with code `invalidArgument` when two keys would bear one key ID.
    @discardableResult
    package mutating func follow(upstream: BundleRecord) throws(RegistryError) -> UpstreamNews {
        let before = self
        let (x509, jwt) = (Set(upstream.bundle.x509Authorities), Set(upstream.bundle.jwtAuthorities.map(\.keyID)))
        try append(
            x509Authorities: upstream.bundle.x509Authorities, jwtAuthorities: upstream.bundle.jwtAuthorities,
            jwtExpirations: upstream.jwtExpirations)
        var news = UpstreamNews()
        news.tainted = bundle.x509Authorities.filter {
            upstream.taintedX509Authorities.contains($0) && !taintedX509Authorities.contains($0)
        }
        taintedX509Authorities.formUnion(news.tainted)
        taintedJWTKeyIDs.formUnion(upstream.taintedJWTKeyIDs)
        // An answer without any authority of a kind is no reason to revoke.
        if !x509.isEmpty {
            news.revoked = bundle.x509Authorities.filter {
                taintedX509Authorities.contains($0) && !x509.contains($0)
            }
            bundle.x509Authorities.removeAll(where: news.revoked.contains)
        }
        if !jwt.isEmpty {
            bundle.jwtAuthorities.removeAll { taintedJWTKeyIDs.contains($0.keyID) && !jwt.contains($0.keyID) }
        }
        forgetAbsentAuthorities()
        bundle.sequenceNumber = before.bundle.sequenceNumber
        if self != before { countChange() }
        return news
    }
}
