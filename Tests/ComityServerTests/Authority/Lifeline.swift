// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import FoundationEssentials
import SPIFFE
import Synchronization

/// Ends a server before or after any one of its writes, as a kill does: it reads and writes nothing after that.
final class Lifeline: Sendable {
    struct Cut: Error {}

    /// Moments that are left: one before and one after each write.
    private let left: Mutex<Int>

    /// - Parameter moments: How many pass before the line is cut.
    init(moments: Int) {
        left = Mutex(moments)
    }

    var isCut: Bool { left.withLock { $0 < 0 } }

    func read<Value>(_ work: () async throws -> Value) async throws -> Value {
        guard !isCut else { throw Cut() }
        return try await work()
    }

    func write<Value>(_ work: () async throws -> Value) async throws -> Value {
        try pass()
        let value = try await work()
        try pass()
        return value
    }

    private func pass() throws {
        let isCut = left.withLock { left in
            left = max(left - 1, -1)
            return left < 0
        }
        if isCut { throw Cut() }
    }
}

/// Keys on disk of a server that dies.
struct MortalKeys: KeyManager {
    let keys: any KeyManager
    let lifeline: Lifeline

    func generateKey(id: String, type: KeyType) async throws -> SigningKey {
        try await lifeline.write { try await keys.generateKey(id: id, type: type) }
    }

    func key(id: String) async throws -> SigningKey? {
        try await lifeline.read { try await keys.key(id: id) }
    }

    func keys() async throws -> [SigningKey] {
        try await lifeline.read { try await keys.keys() }
    }
}

/// The database of a server that dies.
struct MortalStore: BundleStore, AuthorityJournalStore {
    let store: any BundleStore & AuthorityJournalStore
    let lifeline: Lifeline

    func bundle(of trustDomain: TrustDomain) async throws -> BundleRecord? {
        try await lifeline.read { try await store.bundle(of: trustDomain) }
    }

    func listBundles(page: PageRequest) async throws -> Page<BundleRecord> {
        try await lifeline.read { try await store.listBundles(page: page) }
    }

    func countBundles() async throws -> Int {
        try await lifeline.read { try await store.countBundles() }
    }

    func createBundle(_ record: BundleRecord) async throws {
        try await lifeline.write { try await store.createBundle(record) }
    }

    func setBundle(_ record: BundleRecord) async throws {
        try await lifeline.write { try await store.setBundle(record) }
    }

    func updateBundle(_ record: BundleRecord, fields: Set<BundleField>) async throws -> BundleRecord {
        try await lifeline.write { try await store.updateBundle(record, fields: fields) }
    }

    func changeBundle(
        of trustDomain: TrustDomain, _ change: @Sendable @escaping (inout BundleRecord) throws -> Void
    ) async throws -> BundleRecord {
        try await lifeline.write { try await store.changeBundle(of: trustDomain, change) }
    }

    func deleteBundle(of trustDomain: TrustDomain, _ mode: BundleDeletion) async throws {
        try await lifeline.write { try await store.deleteBundle(of: trustDomain, mode) }
    }

    func journal(id: String) async throws -> [UInt8]? {
        try await lifeline.read { try await store.journal(id: id) }
    }

    func setJournal(_ bytes: [UInt8], id: String, replacing replacedID: String?, expiresAt: Date) async throws {
        try await lifeline.write {
            try await store.setJournal(bytes, id: id, replacing: replacedID, expiresAt: expiresAt)
        }
    }

    func pruneJournals(expiredBefore time: Date) async throws -> Int {
        try await lifeline.write { try await store.pruneJournals(expiredBefore: time) }
    }
}
