// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import FoundationEssentials
import Logging
import SPIFFE

/// SPIRE's lines.
extension LocalAuthorities {
    func logPrepared(_ record: AuthorityRecord, _ kind: AuthorityKind) {
        switch kind {
        case .x509:
            var metadata = metadata(record)
            metadata["self_signed"] = "\(record.intermediates.isEmpty)"
            metadata["upstream_authority_id"] = "\(record.upstreamAuthorityID ?? "")"
            logger.info("X509 CA prepared", metadata: metadata)
        case .jwt:
            logger.info("JWT key prepared", metadata: metadata(record))
        }
    }

    func logActivated(_ record: AuthorityRecord, _ kind: AuthorityKind) {
        switch kind {
        case .x509:
            var metadata = metadata(record)
            metadata["upstream_authority_id"] = "\(record.upstreamAuthorityID ?? "")"
            logger.info("X509 CA activated", metadata: metadata)
            let ttl = record.expiresAt.timeIntervalSince(time.now())
            logger.debug(
                "Successfully rotated X.509 CA",
                metadata: ["trust_domain_id": "\(settings.trustDomain.id)", "ttl": "\(ttl)"])
        case .jwt:
            logger.info("JWT key activated", metadata: metadata(record))
        }
    }

    private func metadata(_ record: AuthorityRecord) -> Logger.Metadata {
        [
            "slot": "\(record.slot.rawValue)", "issued_at": "\(record.issuedAt.logText)",
            "expiration": "\(record.expiresAt.logText)", "local_authority_id": "\(record.authorityID)",
        ]
    }
}
