// SPDX-License-Identifier: Apache-2.0

public import FoundationEssentials

extension UnverifiedJWTSVID {
    /// How many keys are tried for a token that does not name its key, or whose key ID several keys share.
    package static let maximumCandidates = 32

    /// The largest leeway for clocks that differ (decision D-07).
    public static let maximumLeeway = Duration.seconds(120)

    /// Verifies the token by the bundle of the trust domain that it claims (JWT-SVID §4).
    ///
    /// - Parameters:
    ///   - bundles: only the claimed trust domain's bundle is looked at.
    ///   - audience: the names under which we accept tokens; one of them has to be in the token. Compared byte by byte.
    ///   - now: when the token has to be in force.
    ///   - leeway: how far the clocks may differ, at most ``maximumLeeway``, which a larger value counts as.
    ///   - requiresKeyID: whether a token that does not name its key is refused, as SPIRE does, instead of being tried with
    ///     each key that fits (decision D-04).
    /// - Returns: the token's identity and claims, now to be relied on.
    /// - Throws: ``SPIFFEError`` with code `noBundle` when no bundle is known for the trust domain, else `invalidJWTSVID`.
    public func verified(
        by bundles: BundleSet, audience: [String], at now: Date, leeway: Duration = .seconds(60),
        requiresKeyID: Bool = false
    ) throws(SPIFFEError) -> JWTSVID {
        guard let bundle = bundles[id.trustDomain] else {
            throw SPIFFEError(.noBundle, "no keys found for trust domain \(id.trustDomain.name.quoted)")
        }
        return try verified(
            by: bundle, audience: audience, at: now, leeway: leeway, requiresKeyID: requiresKeyID)
    }

    /// Verifies the token by one bundle, which has to be that of the trust domain that the token claims.
    ///
    /// The parameters are those of the verification by a ``BundleSet``.
    ///
    /// - Throws: ``SPIFFEError`` with code `noBundle` when the bundle is another trust domain's, else `invalidJWTSVID`.
    public func verified(
        by bundle: SPIFFEBundle, audience: [String], at now: Date, leeway: Duration = .seconds(60),
        requiresKeyID: Bool = false
    ) throws(SPIFFEError) -> JWTSVID {
        guard bundle.trustDomain == id.trustDomain else {
            throw SPIFFEError(.noBundle, "no keys found for trust domain \(id.trustDomain.name.quoted)")
        }
        guard audience.contains(where: { !$0.isEmpty }) else {
            throw SPIFFEError(.invalidJWTSVID, "at least one audience is required")
        }
        guard keyID != nil || !requiresKeyID else {
            throw SPIFFEError(.invalidJWTSVID, "token header missing key id")
        }
        try checkSignature(by: try candidates(in: bundle))
        try checkAudience(audience)
        try checkTimes(at: now, leeway: min(max(leeway, .zero), Self.maximumLeeway))
        return JWTSVID(verified: self)
    }

    /// The keys that may have signed the token: those of its key ID, or all when it names none; all have to fit the algorithm.
    private func candidates(in bundle: SPIFFEBundle) throws(SPIFFEError) -> [JWTAuthority] {
        let named: [JWTAuthority]
        if let keyID {
            named = bundle.jwtAuthorities.filter { $0.keyID.utf8.elementsEqual(keyID.utf8) }
            guard !named.isEmpty else {
                throw SPIFFEError(
                    .invalidJWTSVID,
                    "public key \(keyID.quoted) not found in trust domain \(id.trustDomain.name.quoted)")
            }
        } else {
            named = bundle.jwtAuthorities
        }
        let fitting = named.filter { header.algorithm.fits($0.publicKey) }
        guard !fitting.isEmpty else {
            throw SPIFFEError(
                .invalidJWTSVID,
                "no key of trust domain \(id.trustDomain.name.quoted) fits algorithm \(header.algorithm.rawValue)")
        }
        return Array(fitting.prefix(Self.maximumCandidates))
    }

    private func checkSignature(by authorities: [JWTAuthority]) throws(SPIFFEError) {
        let signed = Array(token.utf8.prefix(signedLength))[...]
        guard
            authorities.contains(where: { header.algorithm.isValidSignature(signature, for: signed, by: $0.publicKey) })
        else {
            throw SPIFFEError(.invalidJWTSVID, "token signature is not valid")
        }
    }

    private func checkAudience(_ expected: [String]) throws(SPIFFEError) {
        let isForUs = expected.contains { value in
            // Bytes, because strings also compare equal when they are only canonically equivalent.
            !value.isEmpty && audience.contains { $0.utf8.elementsEqual(value.utf8) }
        }
        guard isForUs else {
            throw SPIFFEError(
                .invalidJWTSVID, "expected audience in \(expected.quoted) (audience=\(audience.quoted))")
        }
    }

    private func checkTimes(at now: Date, leeway: Duration) throws(SPIFFEError) {
        let leeway = TimeInterval(leeway.components.seconds) + TimeInterval(leeway.components.attoseconds) / 1e18
        guard now < claims.expiresAt + leeway else {
            throw SPIFFEError(.invalidJWTSVID, "token has expired")
        }
        if let notBefore = claims.notBefore, now < notBefore - leeway {
            throw SPIFFEError(.invalidJWTSVID, "token is not valid yet")
        }
    }
}
