// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTelemetry

extension MeasuredStore {
    func isKnown(_ owner: OwnerName) async throws -> Bool {
        try await measure(.ownership, .fetch) { try await store.isKnown(owner) }
    }

    func listClaims(of owner: OwnerName, page: PageRequest) async throws -> Page<OwnedObject> {
        try await measure(.ownership, .list) { try await store.listClaims(of: owner, page: page) }
    }

    func claim(_ objects: Set<OwnedObject>, for owner: OwnerName) async throws -> Set<OwnedObject> {
        try await measure(.ownership, .claim) { try await store.claim(objects, for: owner) }
    }

    func release(_ objects: Set<OwnedObject>, of owner: OwnerName) async throws {
        try await measure(.ownership, .release) { try await store.release(objects, of: owner) }
    }
}
