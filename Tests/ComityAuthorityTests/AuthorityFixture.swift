// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import FoundationEssentials
import SPIFFE
import SwiftASN1
import X509

/// A trust domain with a self-signed CA and a JWT key.
struct AuthorityFixture {
    static let now = Date(timeIntervalSince1970: 1_790_000_000)

    let trustDomain: TrustDomain
    let caKey: SigningKey
    let ca: X509Authority
    let issuer: X509Issuer
    let jwtKey: SigningKey
    let jwtIssuer: JWTIssuer

    init(_ name: String = "example.org", keyType: KeyType = .ecP256, ttl: TimeInterval = 86400) throws {
        trustDomain = try TrustDomain(name)
        caKey = try SigningKey(generating: keyType, id: "x509-CA-A")
        ca = try X509CATemplate(trustDomain: trustDomain, ttl: ttl).selfSign(with: caKey, now: Self.now)
        issuer = try X509Issuer(trustDomain: trustDomain, certificate: ca, key: caKey)
        jwtKey = try SigningKey(generating: keyType, id: "JWT-Signer-A")
        jwtIssuer = JWTIssuer(
            trustDomain: trustDomain, key: jwtKey, keyID: "the-key", expiresAt: Self.now + ttl,
            issuer: "https://issuer.example.org")
    }

    func id(_ path: String = "/workload") throws -> SPIFFEID {
        try SPIFFEID(trustDomain: trustDomain, path: path)
    }

    func template(_ path: String = "/workload", ttl: TimeInterval = 3600) throws -> X509SVIDTemplate {
        X509SVIDTemplate(
            id: try id(path), publicKey: try SigningKey(generating: .ecP256, id: "leaf").publicKey, ttl: ttl)
    }

    /// Issues and reads back what was issued.
    func leaf(_ template: X509SVIDTemplate, at now: Date = Self.now) throws -> Certificate {
        try Certificate(derEncoded: issuer.issue(template, now: now).certificateChain[0])
    }
}
