// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
import SPIFFE

extension SQLStore {
    package func isKnown(_ owner: OwnerName) async throws -> Bool {
        try await read { try $0.firstRow("SELECT 1 FROM owners WHERE name = \(owner.text)") != nil }
    }

    package func listClaims(of owner: OwnerName, page: PageRequest) async throws -> Page<OwnedObject> {
        let after = try OwnedObject.Key(token: page.token)
        let limit: SQLQuery = page.size > 0 ? " LIMIT \(page.size)" : ""
        return try await read { db in
            let rows = try db.rows(
                """
                SELECT kind, name FROM claims
                WHERE owner = \(owner.text) AND (kind, name) > (\(after.kind), \(after.name))
                ORDER BY kind, name\(limit)
                """)
            let keys = try rows.map { OwnedObject.Key(kind: try $0["kind"], name: try $0["name"]) }
            let isLast = page.size <= 0 || keys.count < page.size
            return Page(items: try keys.map { try $0.object() }, nextToken: isLast ? "" : keys.last?.token ?? "")
        }
    }

    package func claim(_ objects: Set<OwnedObject>, for owner: OwnerName) async throws -> Set<OwnedObject> {
        try await write { transaction in
            let db = transaction.db
            try db.execute("INSERT INTO owners (name) VALUES (\(owner.text)) ON CONFLICT DO NOTHING")
            var refused: Set<OwnedObject> = []
            for (kind, names) in OwnedObject.Key.grouped(objects) {
                // The condition tells SQLite that `ON` does not begin that of a join.
                try db.execute(
                    """
                    INSERT INTO claims (kind, name, owner)
                    SELECT \(kind), claimed.value, \(owner.text) FROM \(rows: names) AS claimed WHERE TRUE
                    ON CONFLICT DO NOTHING
                    """)
                let others = try db.rows(
                    """
                    SELECT name FROM claims
                    WHERE kind = \(kind) AND owner <> \(owner.text) AND name IN \(rows: names)
                    """)
                for row in others { refused.insert(try OwnedObject.Key(kind: kind, name: try row["name"]).object()) }
            }
            return refused
        }
    }

    package func release(_ objects: Set<OwnedObject>, of owner: OwnerName) async throws {
        try await write { transaction in
            try transaction.endClaims(to: objects, where: "owner = \(owner.text)")
        }
    }
}

extension SQLStore.Transaction {
    func endClaims(to objects: some Sequence<OwnedObject>, where condition: SQLQuery = "TRUE") throws {
        for (kind, names) in OwnedObject.Key.grouped(objects) {
            try db.execute("DELETE FROM claims WHERE kind = \(kind) AND name IN \(rows: names) AND \(condition)")
        }
    }
}

extension OwnedObject {
    /// How an object is stored, and told in a page token.
    fileprivate struct Key {
        var kind: String
        var name: String

        init(kind: String, name: String) {
            self.kind = kind
            self.name = name
        }

        init(token: String) throws(RegistryError) {
            guard !token.isEmpty else {
                self.init(kind: "", name: "")
                return
            }
            guard let colon = token.firstIndex(of: ":"), token.isStorable else {
                throw RegistryError(.invalidArgument, "could not parse token '\(token.prefix(64))'")
            }
            self.init(kind: String(token[..<colon]), name: String(token[colon...].dropFirst()))
        }

        init(_ object: OwnedObject) {
            switch object {
            case .entry(let id): self.init(kind: "entry", name: id)
            case .relationship(let trustDomain): self.init(kind: "relationship", name: trustDomain.name)
            case .bundle(let trustDomain): self.init(kind: "bundle", name: trustDomain.name)
            }
        }

        var token: String { "\(kind):\(name)" }

        func object() throws(RegistryError) -> OwnedObject {
            switch kind {
            case "entry": .entry(id: name)
            case "relationship": .relationship(with: try StoredText.trustDomain(name))
            case "bundle": .bundle(of: try StoredText.trustDomain(name))
            default: throw StoredText.damaged("kind of claim", kind, nil)
            }
        }

        /// The names by kind; what cannot be stored is claimed by nobody.
        static func grouped(_ objects: some Sequence<OwnedObject>) -> [(kind: String, names: [String])] {
            let keys = objects.map(Key.init).filter { $0.name.isStorable }
            return Dictionary(grouping: keys, by: \.kind).sorted { $0.key < $1.key }
                .map { ($0.key, $0.value.map(\.name).sorted()) }
        }
    }
}
