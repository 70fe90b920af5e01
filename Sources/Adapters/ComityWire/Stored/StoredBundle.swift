// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
import FoundationEssentials
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// A bundle as SPIRE's database holds it.
package struct StoredBundle: Sendable {
    package let record: BundleRecord
    /// Whether there is more in it than is known here, such as keys of another kind.
    package let holdsMore: Bool

    /// - Throws: ``RegistryError`` with code `invalidArgument`.
    package init(bytes: [UInt8]) throws(RegistryError) {
        let proto: Spire_Stored_Bundle
        do {
            proto = try Spire_Stored_Bundle(serializedBytes: bytes)
        } catch {
            throw RegistryError(.invalidArgument, "bundle is not of the form that SPIRE stores", cause: error)
        }
        record = try BundleRecord(stored: proto)
        let parts =
            [proto.unknownFields] + proto.rootCas.map(\.unknownFields) + proto.jwtSigningKeys.map(\.unknownFields)
        holdsMore = parts.contains { !$0.data.isEmpty }
    }
}

extension BundleRecord {
    fileprivate init(stored proto: Spire_Stored_Bundle) throws(RegistryError) {
        let trustDomain: TrustDomain
        do {
            trustDomain = try TrustDomain(nameOrID: proto.trustDomainID)
        } catch {
            throw RegistryError(.invalidArgument, "bundle names no trust domain", cause: error)
        }
        // The parts have the form that the API has.
        let x509 = proto.rootCas.map { authority in
            Spire_Api_Types_X509Certificate.with { $0.asn1 = authority.derBytes }
        }
        let jwt = proto.jwtSigningKeys.map { key in
            Spire_Api_Types_JWTKey.with {
                $0.publicKey = key.pkixBytes
                $0.keyID = key.kid
                $0.expiresAt = key.notAfter
            }
        }
        self.init(
            SPIFFEBundle(
                trustDomain: trustDomain, x509Authorities: try [X509Authority](x509),
                jwtAuthorities: try [JWTAuthority](jwt),
                sequenceNumber: proto.sequenceNumber == 0 ? nil : proto.sequenceNumber,
                refreshHint: proto.refreshHint == 0 ? nil : proto.refreshHint))
        jwtExpirations = jwt.expirations
        let tainted = Set(proto.rootCas.filter(\.taintedKey).map { [UInt8]($0.derBytes) })
        taintedX509Authorities = Set(bundle.x509Authorities.filter { tainted.contains($0.derBytes) })
        taintedJWTKeyIDs = Set(proto.jwtSigningKeys.filter(\.taintedKey).map(\.kid))
    }
}
