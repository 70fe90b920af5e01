// SPDX-License-Identifier: Apache-2.0

package import ComityAuthority
import ComityRegistry
import FoundationEssentials
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf
import X509

/// The journal of a SPIRE server's authorities.
package struct StoredJournal: Sendable {
    private static let pemType = "SPIRE CA JOURNAL"

    /// With one active authority of each kind at most: the newest that is called so.
    package private(set) var journal = AuthorityJournal()
    /// What of it cannot be taken, and why.
    package private(set) var left: [String] = []

    /// - Throws: ``AuthorityError`` with code `invalidJournal`.
    package init(bytes: [UInt8]) throws(AuthorityError) {
        let proto: Spire_Stored_Journal
        do {
            proto = try Spire_Stored_Journal(serializedBytes: bytes)
        } catch {
            throw AuthorityError(.invalidJournal, "CA journal is not of the form that SPIRE stores", cause: error)
        }
        for entry in proto.x509Cas { take(.x509, entry.authorityID) { () throws(AuthorityError) in try .init(entry) } }
        for entry in proto.jwtKeys { take(.jwt, entry.kid) { () throws(AuthorityError) in try .init(entry) } }
        left += proto.witKeys.map { "journal entry of WIT key \"\($0.kid)\": WIT-SVIDs are not offered" }
        if !proto.unknownFields.data.isEmpty {
            left.append("parts of the CA journal that are not known here")
        }
        for kind in [AuthorityKind.x509, .jwt] { keepNewestActive(kind) }
    }

    /// Reads `journal.pem`.
    ///
    /// - Throws: ``AuthorityError`` with code `invalidJournal`.
    package init(pem: [UInt8]) throws(AuthorityError) {
        let lines = String(decoding: pem, as: UTF8.self).split(whereSeparator: \.isNewline)
        guard lines.first == "-----BEGIN \(Self.pemType)-----", lines.last == "-----END \(Self.pemType)-----",
            let bytes = Data(base64Encoded: lines.dropFirst().dropLast().joined())
        else {
            throw AuthorityError(.invalidJournal, "file holds no PEM of type \(Self.pemType)")
        }
        try self.init(bytes: [UInt8](bytes))
    }

    private mutating func take(
        _ kind: AuthorityKind, _ id: String, _ record: () throws(AuthorityError) -> AuthorityRecord
    ) {
        do throws(AuthorityError) {
            journal[kind].append(try record())
        } catch {
            left.append("journal entry of \(kind == .x509 ? "X.509" : "JWT") authority \"\(id)\": \(error.message)")
        }
    }

    private mutating func keepNewestActive(_ kind: AuthorityKind) {
        let newest = journal[kind].lastIndex { $0.status == .active }
        for index in journal[kind].indices where index != newest && journal[kind][index].status == .active {
            journal[kind][index].status = .old
        }
    }
}

extension AuthorityRecord {
    fileprivate init(_ entry: Spire_Stored_X509CA) throws(AuthorityError) {
        let ca: X509Authority
        do {
            ca = try X509Authority(derBytes: [UInt8](entry.certificate))
        } catch {
            throw AuthorityError(.invalidJournal, error.message, cause: error.cause)
        }
        self.init(
            slot: try AuthoritySlot(stored: entry.slotID), authorityID: ca.subjectKeyIdentifier.hex,
            status: try AuthorityStatus(entry.status), issuedAt: Date(timeIntervalSince1970: Double(entry.issuedAt)),
            expiresAt: ca.certificate.notValidAfter, document: ca.derBytes,
            intermediates: entry.upstreamChain.map { [UInt8]($0) })
    }

    fileprivate init(_ entry: Spire_Stored_JWTKey) throws(AuthorityError) {
        self.init(
            slot: try AuthoritySlot(stored: entry.slotID), authorityID: entry.kid,
            status: try AuthorityStatus(entry.status), issuedAt: Date(timeIntervalSince1970: Double(entry.issuedAt)),
            expiresAt: Date(timeIntervalSince1970: Double(entry.notAfter)), document: [UInt8](entry.publicKey))
        guard jwtAuthority != nil else { throw AuthorityError(.invalidJournal, "its public key cannot be read") }
    }
}

extension AuthoritySlot {
    fileprivate init(stored name: String) throws(AuthorityError) {
        guard let slot = AuthoritySlot(rawValue: name) else {
            throw AuthorityError(.invalidJournal, "slot \"\(name)\" is not known; A and B are")
        }
        self = slot
    }
}

extension AuthorityStatus {
    fileprivate init(_ status: Spire_Stored_Status) throws(AuthorityError) {
        switch status {
        case .prepared: self = .prepared
        case .active: self = .active
        case .old: self = .old
        default: throw AuthorityError(.invalidJournal, "status \(status.rawValue) is not known")
        }
    }
}
