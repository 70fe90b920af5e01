// SPDX-License-Identifier: Apache-2.0

import SPIFFE
import Testing

@testable import FakeKubernetes

@Suite
struct ObjectStoreTests {
    private let store = ObjectStore()

    @Test func writeOverAnotherVersionIsRefused() throws {
        let first = try #require(store.put(object("a"), in: .pods, over: nil))
        #expect(store.put(object("a"), in: .pods, over: nil) == nil)
        let second = try #require(store.put(object("a"), in: .pods, over: first.version))
        #expect(second.version > first.version)
        #expect(store.remove(first.name, from: .pods, over: first.version) == nil)
        #expect(store.remove(first.name, from: .pods, over: second.version) != nil)
    }

    @Test func watchTellsWhatHappenedSinceItsVersionAndGoesOn() async throws {
        let first = try #require(store.put(object("a"), in: .pods, over: nil))
        _ = store.put(object("b"), in: .pods, over: nil)
        _ = store.put(object("other"), in: .nodes, over: nil)
        let signals = try #require(store.watch(.pods, after: first.version))
        _ = store.put(object("c"), in: .pods, over: nil)
        store.announceVersion()
        store.dropWatchers()
        var names: [String] = []
        for await signal in signals {
            switch signal {
            case .event(let event): names.append(event.object.name.name)
            case .bookmark(let version): names.append(version == store.version ? "bookmark" : "wrong version")
            }
        }
        #expect(names == ["b", "c", "bookmark"])
    }

    @Test func watchFromBeforeTheHistoryIsRefused() throws {
        let first = try #require(store.put(object("a"), in: .pods, over: nil))
        store.compact()
        #expect(store.watch(.pods, after: first.version) == nil)
        #expect(store.watch(.pods, after: store.version) != nil)
    }

    @Test func pagesGoOnWithTheStateOfTheFirst() throws {
        _ = store.put(object("a"), in: .pods, over: nil)
        let snapshot = store.snapshot(of: .pods)
        _ = store.put(object("b"), in: .pods, over: nil)
        #expect(store.snapshot(of: .pods, at: snapshot.version)?.objects.count == 1)
        #expect(store.snapshot(of: .pods).objects.count == 2)
        store.compact()
        #expect(store.snapshot(of: .pods, at: snapshot.version) == nil)
    }

    private func object(_ name: String) -> JSONValue {
        ["metadata": ["name": .string(name)]]
    }
}
