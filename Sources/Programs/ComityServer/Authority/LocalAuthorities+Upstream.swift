// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
package import ComityRegistry
package import FoundationEssentials
import Logging
package import SPIFFE

/// What the server has to do with the authority above.
extension LocalAuthorities {
    // MARK: - Following

    /// Looks at what the trust domain is verified by as seen from above.
    package func followUpstream() async {
        guard let upstream else { return }
        do {
            if let above = try await upstream.bundle() {
                try await inTurn { try await follow(above) }
            }
            if isUpstreamAway { logger.info("Upstream authority answers again") }
            isUpstreamAway = false
        } catch {
            guard !Task.isCancelled, !isUpstreamAway else { return }
            isUpstreamAway = true
            logger.error("Upstream authority does not answer; trying again", metadata: ["error": "\(error)"])
        }
    }

    private func follow(_ above: BundleRecord) async throws {
        var record =
            try await bundles.bundle(of: settings.trustDomain)
            ?? BundleRecord(SPIFFEBundle(trustDomain: settings.trustDomain))
        let stored = record
        let news = try record.follow(upstream: above)
        let tainted = Set(news.tainted.map(\.subjectKeyIdentifier.hex))
        if rotation(.x509).currentIsSigned(by: tainted) {
            // First, so that what replaces the SVIDs stands under a trusted root.
            try await replaceX509()
        }
        guard record != stored else { return }
        _ = try await bundles.changeBundle(of: settings.trustDomain) { try $0.follow(upstream: above) }
        for authority in news.tainted {
            logger.info(
                "X.509 authority tainted", metadata: ["subject_key_id": "\(authority.subjectKeyIdentifier.hex)"])
        }
        for authority in news.revoked {
            logger.info(
                "X.509 authority revoked", metadata: ["subject_key_id": "\(authority.subjectKeyIdentifier.hex)"])
        }
    }

    // MARK: - Publishing

    /// Makes a JWT key known above if there is something, and in the own bundle.
    package func publish(_ authority: JWTAuthority, expiresAt: Date) async throws -> BundleRecord {
        var above: BundleRecord?
        if let upstream {
            above = try await upstream.publish(authority, expiresAt: expiresAt)
            if above == nil, !warnedOfLocalKeys {
                warnedOfLocalKeys = true
                logger.warning(
                    """
                    UpstreamAuthority plugin does not support JWT-SVIDs. Workloads managed by this server may have \
                    trouble communicating with workloads outside this cluster when using JWT-SVIDs
                    """)
            }
        }
        let answer = above
        return try await bundles.changeBundle(of: settings.trustDomain) { bundle in
            if let answer { try bundle.follow(upstream: answer) }
            try bundle.append(jwtAuthorities: [authority], jwtExpirations: [authority.keyID: expiresAt])
        }
    }

    // MARK: - Operator

    /// Marks an authority above as tainted that signed only CAs that are old.
    package func taintUpstream(keyID: String) async throws {
        try await distrustUpstream(keyID) { try $0.taint($1) }
        await identity.renewIfDue()
    }

    package func revokeUpstream(keyID: String) async throws {
        try await distrustUpstream(keyID) { try $0.revoke($1) }
    }

    private func distrustUpstream(
        _ keyID: String, _ step: @Sendable @escaping (inout BundleRecord, X509Authority) throws -> Void
    ) async throws {
        try await inTurn {
            try rotation(.x509).requireUnused(upstreamKeyID: keyID)
            _ = try await bundles.changeBundle(of: settings.trustDomain) { record in
                let authority = record.bundle.x509Authorities.first { $0.subjectKeyIdentifier.hex == keyID }
                guard let authority else {
                    throw RegistryError(.notFound, "no root CA found with provided subject key ID")
                }
                try step(&record, authority)
            }
        }
    }
}
