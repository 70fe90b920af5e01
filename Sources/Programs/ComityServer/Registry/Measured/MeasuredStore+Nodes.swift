// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTelemetry
import FoundationEssentials
import SPIFFE

extension MeasuredStore {
    func putNode(_ node: AttestedNode) async throws {
        try await measure(.node, .create) { try await store.putNode(node) }
    }

    func node(id: SPIFFEID) async throws -> AttestedNode? {
        try await measure(.node, .fetch) { try await store.node(id: id) }
    }

    func listNodes(_ filter: NodeFilter, page: PageRequest) async throws -> Page<AttestedNode> {
        try await measure(.node, .list) { try await store.listNodes(filter, page: page) }
    }

    func countNodes(_ filter: NodeFilter) async throws -> Int {
        try await measure(.node, .count) { try await store.countNodes(filter) }
    }

    func updateNode(
        id: SPIFFEID, _ change: @Sendable @escaping (inout AttestedNode) -> Void
    ) async throws -> AttestedNode {
        try await measure(.node, .update) { try await store.updateNode(id: id, change) }
    }

    func deleteNode(id: SPIFFEID) async throws -> AttestedNode {
        try await measure(.node, .delete) { try await store.deleteNode(id: id) }
    }

    // MARK: - Join tokens

    func createJoinToken(_ token: JoinToken) async throws {
        try await measure(.joinToken, .create) { try await store.createJoinToken(token) }
    }

    func consumeJoinToken(_ value: String) async throws -> JoinToken? {
        try await measure(.joinToken, .fetch) { try await store.consumeJoinToken(value) }
    }

    func pruneJoinTokens(expiredBefore: Date) async throws -> Int {
        try await measure(.joinToken, .prune) { try await store.pruneJoinTokens(expiredBefore: expiredBefore) }
    }
}
