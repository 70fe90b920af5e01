// SPDX-License-Identifier: Apache-2.0

import SPIFFE
import ServerAPIProtos

// The messages of `spire.api.types` with all their fields, set or not.

extension Spire_Api_Types_SPIFFEID {
    var json: JSONValue {
        .message(["trust_domain": .string(trustDomain), "path": .string(path)])
    }
}

extension Spire_Api_Types_Status {
    var json: JSONValue {
        .message(["code": .int(code), "message": .string(message)])
    }
}

extension Spire_Api_Types_Selector {
    var json: JSONValue {
        .message(["type": .string(type), "value": .string(value)])
    }
}

extension Spire_Api_Types_Entry {
    var json: JSONValue {
        .message([
            "id": .string(id),
            "spiffe_id": hasSpiffeID ? spiffeID.json : nil,
            "parent_id": hasParentID ? parentID.json : nil,
            "selectors": .list(selectors, \.json),
            "x509_svid_ttl": .int(x509SvidTtl),
            "federates_with": .strings(federatesWith),
            "admin": .bool(admin),
            "downstream": .bool(downstream),
            "expires_at": .long(expiresAt),
            "dns_names": .strings(dnsNames),
            "revision_number": .long(revisionNumber),
            "store_svid": .bool(storeSvid),
            "jwt_svid_ttl": .int(jwtSvidTtl),
            "hint": .string(hint),
            "created_at": .long(createdAt),
            "additional_attributes": hasAdditionalAttributes ? additionalAttributes.json : nil,
        ])
    }
}

extension Spire_Api_Types_Entry.AdditionalAttributes {
    var json: JSONValue {
        .message([
            "disable_x509_svid_prefetch": .bool(disableX509SvidPrefetch),
            "jwt_svid_include_jti": .bool(jwtSvidIncludeJti),
        ])
    }
}

extension Spire_Api_Types_Bundle {
    var json: JSONValue {
        .message([
            "trust_domain": .string(trustDomain),
            "x509_authorities": .list(x509Authorities) {
                .message(["asn1": .bytes($0.asn1), "tainted": .bool($0.tainted)])
            },
            "jwt_authorities": .list(jwtAuthorities, \.json),
            "refresh_hint": .long(refreshHint),
            "sequence_number": .long(sequenceNumber),
            "wit_authorities": .list(witAuthorities) {
                .message([
                    "public_key": .bytes($0.publicKey), "key_id": .string($0.keyID), "expires_at": .long($0.expiresAt),
                    "tainted": .bool($0.tainted),
                ])
            },
        ])
    }
}

extension Spire_Api_Types_JWTKey {
    var json: JSONValue {
        .message([
            "public_key": .bytes(publicKey), "key_id": .string(keyID), "expires_at": .long(expiresAt),
            "tainted": .bool(tainted),
        ])
    }
}

extension Spire_Api_Types_FederationRelationship {
    var json: JSONValue {
        var members = JSONObject()
        members["trust_domain"] = .string(trustDomain)
        members["bundle_endpoint_url"] = .string(bundleEndpointURL)
        switch bundleEndpointProfile {
        case .httpsWeb: members["https_web"] = [:]
        case .httpsSpiffe(let profile):
            members["https_spiffe"] = .message(["endpoint_spiffe_id": .string(profile.endpointSpiffeID)])
        case nil: break
        }
        if hasTrustDomainBundle { members["trust_domain_bundle"] = trustDomainBundle.json }
        return .object(members)
    }
}

extension Spire_Api_Types_Agent {
    var json: JSONValue {
        .message([
            "id": hasID ? id.json : nil,
            "attestation_type": .string(attestationType),
            "x509svid_serial_number": .string(x509SvidSerialNumber),
            "x509svid_expires_at": .long(x509SvidExpiresAt),
            "selectors": .list(selectors, \.json),
            "banned": .bool(banned),
            "can_reattest": .bool(canReattest),
            "agent_version": .string(agentVersion),
        ])
    }
}

extension Spire_Api_Types_JoinToken {
    var json: JSONValue {
        .message(["value": .string(value), "expires_at": .long(expiresAt)])
    }
}
