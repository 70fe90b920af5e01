// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import ComityTesting
import SPIFFE
import Testing

struct ObjectCacheTests {
    /// Runs a cache against these answers until the body, which sees each snapshot, says that it has seen enough.
    private func follow(
        _ answers: [[ScriptedEndpoint.Step]], until isEnough: @escaping @Sendable (ObjectCache.Snapshot) -> Bool
    ) async throws -> ObjectCache.Snapshot {
        try await ScriptedAPI.with(answers) { api in
            let cache = ObjectCache(api.client, .configMaps, namespace: "default")
            return try await withThrowingTaskGroup(of: ObjectCache.Snapshot?.self) { group in
                group.addTask {
                    try await cache.run()
                    return nil
                }
                group.addTask {
                    for await _ in cache.changes {
                        let snapshot = cache.snapshot
                        if isEnough(snapshot) { return snapshot }
                    }
                    return nil
                }
                defer { group.cancelAll() }
                return try #require(try await group.next() ?? nil)
            }
        }
    }

    private func names(_ snapshot: ObjectCache.Snapshot) -> [String] {
        snapshot.objects.compactMap { ObjectKey($0)?.name }
    }

    @Test("is not complete before the first list has come") func beginsIncomplete() async throws {
        try await ScriptedAPI.with([[.hang]]) { api in
            let snapshot = ObjectCache(api.client, .configMaps).snapshot
            #expect(!snapshot.isComplete)
            #expect(snapshot.objects.isEmpty)
        }
    }

    @Test("holds what was listed and what was watched since") func listsAndWatches() async throws {
        let events = [
            event("ADDED", "c", resourceVersion: "11"), event("DELETED", "a", resourceVersion: "12"),
            event("MODIFIED", "b", resourceVersion: "13"),
        ]
        let snapshot = try await follow([page(["a", "b"]), watch(events, staysOpen: true)]) {
            $0.objectsByKey[ObjectKey(namespace: "default", name: "b")]?["metadata"]?["resourceVersion"] == "13"
        }
        #expect(names(snapshot) == ["b", "c"])
        #expect(snapshot.isComplete)
        #expect(snapshot.failure == nil)
    }

    @Test("an empty list is complete") func emptyList() async throws {
        let snapshot = try await follow([page([]), watch([], staysOpen: true)]) { $0.isComplete }
        #expect(snapshot.objects.isEmpty)
    }

    @Test("a list that fails is not an empty one") func failedFirstList() async throws {
        let snapshot = try await follow([refusal(500, "InternalError", "no")]) { $0.failure != nil }
        #expect(!snapshot.isComplete)
        #expect(snapshot.failure?.status == 500)
    }

    @Test("a type that is gone keeps its objects and is not complete, until it is there again") func typeGone()
        async throws
    {
        let gone = [
            page(["a", "b"]), watch([]), refusal(404, "NotFound", "the server could not find the requested resource"),
        ]
        let snapshot = try await follow(gone) { $0.failure?.isNotFound == true && !$0.isComplete }
        #expect(names(snapshot) == ["a", "b"])
        let back = try await follow(gone + [refusal(404, "NotFound"), page(["b"]), watch([], staysOpen: true)]) {
            $0.isComplete && $0.objectsByKey.count == 1
        }
        #expect(names(back) == ["b"])
        #expect(back.failure == nil)
    }

    @Test("a list that fails after its first page changes nothing") func failedSecondPage() async throws {
        let answers = [
            page(["a", "b"]), refusal(410, "Expired"), page(["c"], next: "t"), refusal(500, "InternalError"),
        ]
        let snapshot = try await follow(answers) { $0.failure?.status == 500 }
        #expect(names(snapshot) == ["a", "b"])
        #expect(!snapshot.isComplete)
    }

    @Test("410 on a watch, as status or as event, leads to a new list", arguments: [true, false])
    func expiredWatch(isEvent: Bool) async throws {
        let told = watch([#"{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}}"#])
        let answers = [
            page(["a", "b"]), isEvent ? told : refusal(410, "Expired"), page(["b", "c"], resourceVersion: "90"),
            watch([event("ADDED", "d", resourceVersion: "91")], staysOpen: true),
        ]
        let snapshot = try await follow(answers) { $0.objectsByKey.count == 3 }
        #expect(names(snapshot) == ["b", "c", "d"])
    }

    @Test("a watch that is dropped loses nothing") func droppedWatch() async throws {
        let dropped: [ScriptedEndpoint.Step] = [
            .send(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n500\r\n\(event("ADDED", "b", resourceVersion: "11"))\n{"
            ),
            .close,
        ]
        let answers = [
            page(["a"]), dropped, watch([event("DELETED", "a", resourceVersion: "12")]),
            watch([event("ADDED", "c", resourceVersion: "13")], staysOpen: true),
        ]
        let snapshot = try await follow(answers) { $0.objectsByKey.keys.contains { $0.name == "c" } }
        #expect(names(snapshot) == ["b", "c"])
        #expect(snapshot.isComplete)
    }

    @Test("managed fields are not kept unless asked for") func trims() async throws {
        let line =
            #"{"type":"ADDED","object":{"metadata":{"name":"a","namespace":"default","resourceVersion":"11","managedFields":[{}]},"x":1}}"#
        let snapshot = try await follow([page([]), watch([line], staysOpen: true)]) { !$0.objectsByKey.isEmpty }
        let object = try #require(snapshot.objects.first)
        #expect(object["metadata"]?["managedFields"] == nil)
        #expect(object["x"] == 1)
    }
}
