// SPDX-License-Identifier: Apache-2.0

/// Everything one trust domain is verified by: its X.509 and JWT authorities (Trust Domain and Bundle §3).
public struct SPIFFEBundle: Hashable, Sendable {
    /// Whose keys they are.
    public var trustDomain: TrustDomain

    /// Without duplicates, in the publisher's order.
    public var x509Authorities: [X509Authority]

    /// In the publisher's order. Two different keys may carry one key ID (decision D-20).
    public var jwtAuthorities: [JWTAuthority]

    /// Grows with every change of the bundle; `nil` when the publisher gave none.
    public var sequenceNumber: UInt64?

    /// Seconds after which consumers should look for a change; `nil` when the publisher gave none.
    public var refreshHint: Int64?

    /// Makes a bundle from its parts.
    public init(
        trustDomain: TrustDomain,
        x509Authorities: [X509Authority] = [],
        jwtAuthorities: [JWTAuthority] = [],
        sequenceNumber: UInt64? = nil,
        refreshHint: Int64? = nil
    ) {
        self.trustDomain = trustDomain
        self.x509Authorities = x509Authorities
        self.jwtAuthorities = jwtAuthorities
        self.sequenceNumber = sequenceNumber
        self.refreshHint = refreshHint
    }

    /// Says whether both bundles trust the same keys, whatever their numbering, hints and order.
    public func hasSameAuthorities(as other: SPIFFEBundle) -> Bool {
        trustDomain == other.trustDomain
            && Set(x509Authorities) == Set(other.x509Authorities)
            && Set(jwtAuthorities) == Set(other.jwtAuthorities)
    }
}
