// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// The authorities of one server, kept so that it finds them again after a restart.
package struct AuthorityJournal: Hashable, Sendable {
    /// The largest journal that is read, in bytes.
    package static let maximumSize = 1 << 20

    /// Grows with every writing: of two journals of one server the higher is the present one.
    package var revision: Int64 = 0
    package var x509: [AuthorityRecord] = []
    package var jwt: [AuthorityRecord] = []

    package init() {}

    package subscript(kind: AuthorityKind) -> [AuthorityRecord] {
        get {
            switch kind {
            case .x509: x509
            case .jwt: jwt
            }
        }
        set {
            switch kind {
            case .x509: x509 = newValue
            case .jwt: jwt = newValue
            }
        }
    }

    /// The name of the journal: the X.509 authority that signs.
    package var id: String? {
        x509.last { $0.status == .active }?.authorityID
    }

    /// When the last authority in it ends.
    package var expiresAt: Date {
        (x509 + jwt).map(\.expiresAt).max() ?? Date(timeIntervalSince1970: 0)
    }
}

extension AuthorityJournal {
    private static let version = 1

    private struct Document: Codable {
        var version: Int
        var revision: Int64
        var x509: [Line]
        var jwt: [Line]
    }

    private struct Line: Codable {
        var slot: AuthoritySlot
        var id: String
        var status: AuthorityStatus
        var issuedAt: Int64
        var expiresAt: Int64
        var document: Data
        var intermediates: [Data]?

        enum CodingKeys: String, CodingKey {
            case slot, id, status, document, intermediates
            case issuedAt = "issued_at"
            case expiresAt = "expires_at"
        }

        init(_ record: AuthorityRecord) {
            slot = record.slot
            id = record.authorityID
            status = record.status
            issuedAt = Int64(record.issuedAt.timeIntervalSince1970)
            expiresAt = Int64(record.expiresAt.timeIntervalSince1970)
            document = Data(record.document)
            intermediates = record.intermediates.isEmpty ? nil : record.intermediates.map { Data($0) }
        }

        var record: AuthorityRecord {
            AuthorityRecord(
                slot: slot, authorityID: id, status: status,
                issuedAt: Date(timeIntervalSince1970: TimeInterval(issuedAt)),
                expiresAt: Date(timeIntervalSince1970: TimeInterval(expiresAt)), document: Array(document),
                intermediates: intermediates?.map { Array($0) } ?? [])
        }
    }

    package init(bytes: [UInt8]) throws(AuthorityError) {
        guard bytes.count <= Self.maximumSize else {
            throw AuthorityError(.invalidJournal, "journal is longer than \(Self.maximumSize) bytes")
        }
        let document: Document
        do {
            document = try JSONDecoder().decode(Document.self, from: Data(bytes))
        } catch {
            throw AuthorityError(.invalidJournal, "journal is not of a form known here", cause: error)
        }
        guard document.version == Self.version else {
            throw AuthorityError(
                .invalidJournal, "journal is of version \(document.version); this program reads \(Self.version)")
        }
        revision = document.revision
        x509 = document.x509.suffix(AuthorityRotation.longestJournal).map(\.record)
        jwt = document.jwt.suffix(AuthorityRotation.longestJournal).map(\.record)
    }

    package func encoded() throws(AuthorityError) -> [UInt8] {
        do {
            let document = Document(
                version: Self.version, revision: revision, x509: x509.map(Line.init), jwt: jwt.map(Line.init))
            return Array(try JSONEncoder().encode(document))
        } catch {
            throw AuthorityError(.invalidJournal, "journal cannot be written", cause: error)
        }
    }
}
