// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import SPIFFE
import Synchronization

/// The objects of one type, of the whole cluster or of some namespaces.
final class CacheGroup: Sendable {
    let type: ResourceType
    private let caches: [ObjectCache]
    private let hasNews = Mutex(true)

    init(_ type: ResourceType, _ caches: [ObjectCache]) {
        self.type = type
        self.caches = caches
    }

    /// Whether all objects are known.
    var isComplete: Bool { caches.allSatisfy { $0.snapshot.isComplete } }

    /// Why not all objects are known.
    var failure: String? {
        caches.lazy.compactMap { cache in
            let snapshot = cache.snapshot
            return snapshot.isComplete ? nil : snapshot.failure?.message ?? "they have not been read yet"
        }.first
    }

    /// Why the last attempt to read them failed; `nil` while none has.
    var error: String? { caches.lazy.compactMap { $0.snapshot.failure?.message }.first }

    /// Whether something may have changed since this was last asked.
    func takeNews() -> Bool {
        hasNews.withLock { hasNews in
            defer { hasNews = false }
            return hasNews
        }
    }

    func forEach(_ body: (ObjectKey, JSONValue) -> Void) {
        for cache in caches {
            for (key, object) in cache.snapshot.objectsByKey { body(key, object) }
        }
    }

    func object(_ key: ObjectKey) -> JSONValue? {
        caches.lazy.compactMap { $0.snapshot.objectsByKey[key] }.first
    }

    /// All of them, for types of which there are few.
    var objects: [JSONValue] { caches.flatMap(\.snapshot.objects) }

    /// Keeps the copies until cancelled.
    func run(_ onChange: @escaping @Sendable () -> Void) async throws {
        try await withThrowingTaskGroup { group in
            for cache in caches {
                group.addTask { try await cache.run() }
                group.addTask { [self] in
                    for await _ in cache.changes {
                        hasNews.withLock { $0 = true }
                        onChange()
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
