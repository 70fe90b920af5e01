// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
import FoundationEssentials
package import SPIFFE
package import ServerAPIProtos
import SwiftProtobuf

extension Spire_Api_Types_Bundle {
    /// - Parameter fields: what is sent besides the trust domain.
    /// - Throws: ``RegistryError`` with code `internalError` when a key cannot be encoded.
    package init(_ record: BundleRecord, fields: Set<BundleField> = .all) throws(RegistryError) {
        self.init()
        trustDomain = record.trustDomain.name
        if fields.contains(.x509Authorities) {
            x509Authorities = record.bundle.x509Authorities.map { authority in
                .with {
                    $0.asn1 = Data(authority.derBytes)
                    $0.tainted = record.taintedX509Authorities.contains(authority)
                }
            }
        }
        if fields.contains(.jwtAuthorities) {
            for authority in record.bundle.jwtAuthorities {
                jwtAuthorities.append(try Spire_Api_Types_JWTKey(authority, of: record))
            }
        }
        if fields.contains(.refreshHint) { refreshHint = record.bundle.refreshHint ?? 0 }
        if fields.contains(.sequenceNumber) { sequenceNumber = record.bundle.sequenceNumber ?? 0 }
    }
}

extension Spire_Api_Types_JWTKey {
    /// - Throws: ``RegistryError`` with code `internalError` when the key cannot be encoded.
    package init(_ authority: JWTAuthority, of record: BundleRecord) throws(RegistryError) {
        self.init()
        do {
            publicKey = Data(try authority.publicKeyDERBytes())
        } catch {
            throw RegistryError(.internalError, error.message, cause: error.cause)
        }
        keyID = authority.keyID
        expiresAt = record.jwtExpirations[authority.keyID].unixSeconds
        tainted = record.taintedJWTKeyIDs.contains(authority.keyID)
    }
}

extension BundleRecord {
    /// Reads a bundle. A hint or sequence number of 0 stands for none, as in SPIRE.
    ///
    /// - Throws: ``RegistryError`` with code `invalidArgument`.
    package init(_ proto: Spire_Api_Types_Bundle) throws(RegistryError) {
        try self.init(proto, jwtAuthorities: [JWTAuthority](proto.jwtAuthorities))
    }

    private init(_ proto: Spire_Api_Types_Bundle, jwtAuthorities: [JWTAuthority]) throws(RegistryError) {
        self.init(
            SPIFFEBundle(
                trustDomain: try TrustDomain(wire: proto.trustDomain),
                x509Authorities: try [X509Authority](proto.x509Authorities),
                jwtAuthorities: jwtAuthorities,
                sequenceNumber: proto.sequenceNumber == 0 ? nil : proto.sequenceNumber,
                refreshHint: proto.refreshHint == 0 ? nil : proto.refreshHint))
        jwtExpirations = proto.jwtAuthorities.expirations
    }

    /// What a client needs of a bundle that a server sent: tainted marks, too.
    ///
    /// - Throws: ``RegistryError`` with code `invalidArgument`.
    package init(received proto: Spire_Api_Types_Bundle) throws(RegistryError) {
        try self.init(proto, jwtAuthorities: [JWTAuthority](received: proto.jwtAuthorities))
        for certificate in proto.x509Authorities where certificate.tainted {
            taintedX509Authorities.formUnion(try [X509Authority]([certificate]))
        }
        taintedJWTKeyIDs = Set(proto.jwtAuthorities.filter(\.tainted).map(\.keyID))
    }
}
