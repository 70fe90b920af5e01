// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import ComityTesting
import SPIFFE
import Testing

struct WatchTests {
    private func collect(_ count: Int, _ api: ScriptedAPI) async throws -> [WatchEvent] {
        var events: [WatchEvent] = []
        for try await event in api.client.watch(.configMaps, from: "10") {
            events.append(event)
            if events.count == count { break }
        }
        return events
    }

    @Test("tells events, and takes a watch up where it ended or was dropped") func resumes() async throws {
        let bookmark = #"{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"15"}}}"#
        let dropped: [ScriptedEndpoint.Step] = [
            .send(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n500\r\n\(event("DELETED", "a", resourceVersion: "16"))\n{\"ty"
            ),
            .close,
        ]
        let answers = [
            watch([event("ADDED", "a", resourceVersion: "11"), bookmark]), dropped,
            watch([event("MODIFIED", "b", resourceVersion: "17")], staysOpen: true),
        ]
        try await ScriptedAPI.with(answers) { api in
            let events = try await collect(4, api)
            #expect(events.map(\.resourceVersion) == ["11", "15", "16", "17"])
            #expect(events[1] == .bookmark(resourceVersion: "15"))
            let asked = api.endpoint.requests.map { head in
                head.split(separator: "&").first { $0.hasPrefix("resourceVersion=") }
            }
            #expect(asked == ["resourceVersion=10", "resourceVersion=15", "resourceVersion=16"])
            #expect(api.endpoint.requests.allSatisfy { $0.contains("allowWatchBookmarks=true") })
        }
    }

    @Test(
        "a resource version that is too old ends the watch with 410, be it as status or as event",
        arguments: [true, false])
    func expired(isEvent: Bool) async throws {
        let told = watch([
            #"{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}"#
        ])
        try await ScriptedAPI.with([isEvent ? told : refusal(410, "Expired")]) { api in
            let error = await #expect(throws: KubernetesError.self) { try await collect(1, api) }
            #expect(error?.isExpired == true)
        }
    }

    @Test("a type that is gone ends the watch with 404") func gone() async throws {
        try await ScriptedAPI.with([refusal(404, "NotFound")]) { api in
            let error = await #expect(throws: KubernetesError.self) { try await collect(1, api) }
            #expect(error?.isNotFound == true)
        }
    }

    @Test("a line longer than the bound ends the watch") func longLine() async throws {
        var limits = KubernetesClient.Limits()
        limits.answerBytes = 500
        let long = event("ADDED", String(repeating: "a", count: 600), resourceVersion: "11")
        try await ScriptedAPI.with([watch([long])], limits: limits) { api in
            let error = await #expect(throws: KubernetesError.self) { try await collect(1, api) }
            #expect(error?.reason == KubernetesError.Reason.tooLarge)
        }
    }

    @Test("events of a kind that nobody knows yet are left out") func unknownEvents() async throws {
        let lines = [event("RENAMED", "a", resourceVersion: "11"), event("ADDED", "b", resourceVersion: "12")]
        try await ScriptedAPI.with([watch(lines, staysOpen: true)]) { api in
            let events = try await collect(1, api)
            #expect(events.map(\.resourceVersion) == ["12"])
        }
    }

    @Test("a busy server is asked for the watch again") func busy() async throws {
        let answers = [
            refusal(429, "TooManyRequests"), watch([event("ADDED", "a", resourceVersion: "11")], staysOpen: true),
        ]
        try await ScriptedAPI.with(answers) { api in
            let events = try await collect(1, api)
            #expect(events.count == 1)
        }
    }
}
