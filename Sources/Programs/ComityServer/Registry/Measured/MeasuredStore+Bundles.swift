// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTelemetry
import SPIFFE

extension MeasuredStore {
    func bundle(of trustDomain: TrustDomain) async throws -> BundleRecord? {
        try await measure(.bundle, .fetch) { try await store.bundle(of: trustDomain) }
    }

    func listBundles(page: PageRequest) async throws -> Page<BundleRecord> {
        try await measure(.bundle, .list) { try await store.listBundles(page: page) }
    }

    func countBundles() async throws -> Int {
        try await measure(.bundle, .count) { try await store.countBundles() }
    }

    func createBundle(_ record: BundleRecord) async throws {
        try await measure(.bundle, .create) { try await store.createBundle(record) }
    }

    func setBundle(_ record: BundleRecord) async throws {
        try await measure(.bundle, .set) { try await store.setBundle(record) }
    }

    func updateBundle(_ record: BundleRecord, fields: Set<BundleField>) async throws -> BundleRecord {
        try await measure(.bundle, .update) { try await store.updateBundle(record, fields: fields) }
    }

    func changeBundle(
        of trustDomain: TrustDomain, _ change: @Sendable @escaping (inout BundleRecord) throws -> Void
    ) async throws -> BundleRecord {
        try await measure(.bundle, .append) { try await store.changeBundle(of: trustDomain, change) }
    }

    func deleteBundle(of trustDomain: TrustDomain, _ mode: BundleDeletion) async throws {
        try await measure(.bundle, .delete) { try await store.deleteBundle(of: trustDomain, mode) }
    }
}
