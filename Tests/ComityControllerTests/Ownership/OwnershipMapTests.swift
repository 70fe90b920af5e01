// SPDX-License-Identifier: Apache-2.0

import SPIFFE
import Testing

@testable import ComityController

struct OwnershipMapTests {
    private func owned(_ ids: String..., domains: [String] = []) throws -> Owned {
        Owned(entryIDs: Set(ids), trustDomains: Set(try domains.map { try TrustDomain($0) }))
    }

    @Test("what is claimed is there when the map is read again, for its owner only") func roundTrip() throws {
        var map = try OwnershipMap(3, nil)
        #expect(map.owned(by: "one/") == nil)
        #expect(map.claim(try owned("a", "b", domains: ["other.org"]), by: "one/").isEmpty)
        map.release(try owned("a"), by: "one/")
        let json = map.json(namespace: "spire")
        #expect(json["metadata"]?["name"] == "comity-controller-owned-3")
        #expect(json["metadata"]?["namespace"] == "spire")
        let read = try OwnershipMap(3, json)
        #expect(read.owned(by: "one/") == (try owned("b", domains: ["other.org"])))
        #expect(read.owned(by: "one/blue") == nil)
    }

    @Test("claiming nothing is something, too") func empty() throws {
        var map = try OwnershipMap(0, nil)
        _ = map.claim(Owned(), by: "one/")
        #expect(try OwnershipMap(0, map.json(namespace: "a")).owned(by: "one/") == Owned())
    }

    @Test("what another one claimed is refused, the rest is not, and nobody's claim is lost") func others() throws {
        var map = try OwnershipMap(0, nil)
        _ = map.claim(try owned("a", domains: ["one.org"]), by: "one/")
        let refused = map.claim(try owned("a", "b", domains: ["one.org", "two.org"]), by: "two/")
        #expect(refused == (try owned("a", domains: ["one.org"])))
        let read = try OwnershipMap(0, map.json(namespace: "a"))
        #expect(read.owned(by: "one/") == (try owned("a", domains: ["one.org"])))
        #expect(read.owned(by: "two/") == (try owned("b", domains: ["two.org"])))
    }

    @Test("an object keeps its version and what it says besides") func keepsObject() throws {
        var map = try OwnershipMap(0, nil)
        _ = map.claim(try owned("a"), by: "one/")
        var object = try #require(map.json(namespace: "a").object)
        object["metadata"] = ["name": "x", "resourceVersion": "7", "annotations": ["note": "ours"]]
        let json = try OwnershipMap(0, .object(object)).json(namespace: "a")
        #expect(json == .object(object))
    }

    @Test(
        "a damaged record is told instead of taken for none",
        arguments: ["", "{", "[]", "{}", #"{"owner": "another/", "entryIDs": []}"#])
    func damaged(_ text: String) throws {
        var map = try OwnershipMap(0, nil)
        _ = map.claim(Owned(), by: "one/")
        var object = try #require(map.json(namespace: "a").object)
        let key = try #require(object["data"]?.object?.names.first)
        object["data"] = [key: .string(text)]
        let error = #expect(throws: ControllerError.self) { try OwnershipMap(0, .object(object)) }
        #expect(error?.code == .ownership)
        #expect(error?.message.contains("ConfigMap comity-controller-owned-0") == true)
    }

    @Test("30,000 entries fit: no map has more than a third of what a ConfigMap holds") func capacity() throws {
        let ids = (0..<30_000).map { "prefix.00000000-0000-4000-8000-\(1_000_000_000_000 + $0)" }
        let parts = OwnershipMap.parts(of: Owned(entryIDs: Set(ids)))
        #expect(parts.count == OwnershipMap.count)
        #expect(parts.values.reduce(0) { $0 + $1.entryIDs.count } == 30_000)
        let sizes = try parts.map { number, part in
            var map = try OwnershipMap(number, nil)
            _ = map.claim(part, by: "one/")
            return map.json(namespace: "a").bytes().count
        }
        #expect(try #require(sizes.max()) < (1 << 20) / 3)
    }
}
