// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import FoundationEssentials
public import SPIFFE

/// A trust domain that signs, for the package in `Benchmarks/`, which has no other way to the domain's rules.
public struct IssuingCase: Sendable {
    public static let audience = "spiffe://bench.example/db"

    /// Verifies whatever is signed here.
    public let bundle: SPIFFEBundle

    private let x509: X509Issuer
    private let jwt: JWTIssuer
    private let template: X509SVIDTemplate

    /// Makes P-256 keys and a CA.
    public init() throws {
        let trustDomain = try TrustDomain("bench.example")
        let now = Date()
        let key = try SigningKey(generating: .ecP256, id: "x509")
        let certificate = try X509CATemplate(trustDomain: trustDomain, ttl: 86400).selfSign(with: key, now: now)
        let tokenKey = try SigningKey(generating: .ecP256, id: "jwt")
        x509 = try X509Issuer(trustDomain: trustDomain, certificate: certificate, key: key)
        jwt = JWTIssuer(
            trustDomain: trustDomain, key: tokenKey, keyID: tokenKey.id, expiresAt: now.addingTimeInterval(86400))
        template = X509SVIDTemplate(
            id: try SPIFFEID("spiffe://bench.example/region/eu/web"),
            publicKey: try SigningKey(generating: .ecP256, id: "workload").publicKey, ttl: 3600)
        bundle = SPIFFEBundle(
            trustDomain: trustDomain, x509Authorities: [certificate],
            jwtAuthorities: [JWTAuthority(keyID: tokenKey.id, publicKey: tokenKey.publicKey)], sequenceNumber: 1,
            refreshHint: 300)
    }

    /// Answers with the chain in DER, the leaf first.
    public func signX509SVID() throws -> [[UInt8]] {
        try x509.issue(template, now: Date()).certificateChain
    }

    /// Answers with the token.
    public func signJWTSVID() throws -> String {
        try jwt.issue(id: template.id, audience: [Self.audience], ttl: 300, now: Date()).token
    }
}
