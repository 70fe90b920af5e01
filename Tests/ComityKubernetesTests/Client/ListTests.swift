// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import ComityTesting
import SPIFFE
import Testing

struct ListTests {
    @Test("reads page by page and names the type of each object") func pages() async throws {
        try await ScriptedAPI.with([page(["a", "b"], next: "t+1"), page(["c"])]) { api in
            let list = try await api.client.list(.configMaps, namespace: "default")
            #expect(list.items.compactMap { ObjectKey($0)?.name } == ["a", "b", "c"])
            #expect(list.items.allSatisfy { $0["kind"] == "ConfigMap" && $0["apiVersion"] == "v1" })
            #expect(list.resourceVersion == "10")
            #expect(api.endpoint.requests.last?.contains("continue=t%2B1") == true)
        }
    }

    @Test("a page that is too old begins the list anew, and nothing is there twice") func expiredPage() async throws {
        let answers = [page(["a", "gone"], next: "t"), refusal(410, "Expired"), page(["a"], next: "u"), page(["b"])]
        try await ScriptedAPI.with(answers) { api in
            let list = try await api.client.list(.configMaps)
            #expect(list.items.compactMap { ObjectKey($0)?.name } == ["a", "b"])
        }
    }

    @Test("pages that are always too old end in an error") func alwaysExpired() async throws {
        let pair = [page(["a"], next: "t"), refusal(410, "Expired")]
        try await ScriptedAPI.with(pair + pair + pair + pair) { api in
            let error = await #expect(throws: KubernetesError.self) { try await api.client.list(.configMaps) }
            #expect(error?.isExpired == true)
        }
    }

    @Test("a page that is too long is read in smaller ones") func smallerPages() async throws {
        var limits = KubernetesClient.Limits()
        limits.answerBytes = 400
        let names = (0..<10).map { "map-\($0)" }
        try await ScriptedAPI.with([page(names), page(["map-0"], next: "t"), page(["map-1"])], limits: limits) { api in
            let list = try await api.client.list(.configMaps)
            #expect(list.items.count == 2)
            #expect(api.endpoint.requests.map { $0.contains("limit=500") } == [true, false, false])
        }
    }

    @Test(
        "what is no list never looks like an empty one",
        arguments: [
            "{}", #"{"kind":"Status"}"#, #"{"metadata":{}}"#, #"{"metadata":{},"items":{}}"#, #"{"items":[]}"#,
        ])
    func noList(_ body: String) async throws {
        try await ScriptedAPI.with([answer(body)]) { api in
            let error = await #expect(throws: KubernetesError.self) { try await api.client.list(.configMaps) }
            #expect(error?.reason == KubernetesError.Reason.answer)
        }
    }

    @Test("more objects than the bound are refused") func tooMany() async throws {
        var limits = KubernetesClient.Limits()
        limits.listedObjects = 3
        try await ScriptedAPI.with([page(["a", "b"], next: "t"), page(["c", "d"])], limits: limits) { api in
            let error = await #expect(throws: KubernetesError.self) { try await api.client.list(.configMaps) }
            #expect(error?.reason == KubernetesError.Reason.tooLarge)
        }
    }
}
