// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import ComityTesting
import NIOCore
import SPIFFE
import Testing
import X509

/// What only a server that misbehaves on request shows.
struct KubernetesClientTests {
    private let map = #"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"},"later":{"unknown":[1]}}"#

    @Test("sends the token, the user agent and the path, and keeps fields nobody here knows") func requests()
        async throws
    {
        try await ScriptedAPI.with([answer(map)]) { api in
            let object = try await api.client.get(.configMaps, "a", namespace: "default")
            #expect(object["later"] == ["unknown": [1]])
            let head = try #require(api.endpoint.requests.first)
            #expect(head.hasPrefix("GET /api/v1/namespaces/default/configmaps/a HTTP/1.1\r\n"))
            #expect(head.contains("Authorization: Bearer secret-token\r\n"))
            #expect(head.contains("User-Agent: tests/1\r\n"))
        }
    }

    @Test("a refusal of the API becomes an error with its status, reason and message") func refusals() async throws {
        try await ScriptedAPI.with([refusal(404, "NotFound", "configmaps a not found")]) { api in
            let error = await #expect(throws: KubernetesError.self) {
                try await api.client.get(.configMaps, "a", namespace: "default")
            }
            #expect(error == KubernetesError(status: 404, reason: "NotFound", "configmaps a not found"))
            #expect(api.endpoint.requests.count == 1)
        }
    }

    @Test("a server that is busy is asked again", arguments: ["429 Too Many", "503 Unavailable"])
    func busy(_ status: String) async throws {
        let busy = answer(status, headers: ["Retry-After: 0"], "{}")
        try await ScriptedAPI.with([busy, busy, answer(map)]) { api in
            _ = try await api.client.get(.configMaps, "a", namespace: "default")
            #expect(api.endpoint.requests.count == 3)
        }
    }

    @Test("a write that may have happened is not repeated") func writesAreNotRepeated() async throws {
        try await ScriptedAPI.with([answer("503 Unavailable", headers: ["Retry-After: 0"], "{}"), answer(map)]) { api in
            await #expect(throws: KubernetesError.self) {
                try await api.client.create(.configMaps, ["metadata": ["name": "a"]], namespace: "default")
            }
            #expect(api.endpoint.requests.count == 1)
        }
    }

    @Test("a connection that is cut in the middle of an answer is tried once more for a read") func cutAnswers()
        async throws
    {
        let cut: [ScriptedEndpoint.Step] = [.send("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"kind\":"), .close]
        try await ScriptedAPI.with([cut, answer(map)]) { api in
            _ = try await api.client.get(.configMaps, "a", namespace: "default")
            #expect(api.endpoint.requests.count == 2)
        }
        try await ScriptedAPI.with([cut]) { api in
            let error = await #expect(throws: KubernetesError.self) {
                try await api.client.get(.configMaps, "a", namespace: "default")
            }
            #expect(error?.reason == KubernetesError.Reason.connection)
        }
    }

    @Test(
        "an answer that is none is told as such",
        arguments: [
            ("200 OK", "<html>", "is no JSON object"), ("200 OK", "[]", "is no JSON object"),
            ("500 Error", "<html>secret</html>", "answers 500 to GET /api/v1/nodes/n and does not say why"),
            ("302 Found", "", "answers 302 to GET /api/v1/nodes/n"),
        ])
    func badAnswers(status: String, body: String, expected: String) async throws {
        try await ScriptedAPI.with([answer(status, headers: ["Location: https://elsewhere.example"], body)]) { api in
            let error = await #expect(throws: KubernetesError.self) { try await api.client.get(.nodes, "n") }
            #expect(error?.message.contains(expected) == true, "\(error?.message ?? "")")
            #expect(error?.message.contains("secret") == false)
        }
    }

    @Test("an answer longer than the bound is refused", arguments: [true, false])
    func longAnswers(isAnnounced: Bool) async throws {
        var limits = KubernetesClient.Limits()
        limits.answerBytes = 1000
        let body = #"{"a":"\#(String(repeating: "x", count: 2000))"}"#
        let chunked: [ScriptedEndpoint.Step] = [
            .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
            .send("\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n"), .hang,
        ]
        try await ScriptedAPI.with([isAnnounced ? answer(body) : chunked], limits: limits) { api in
            let error = await #expect(throws: KubernetesError.self) { try await api.client.get(.nodes, "n") }
            #expect(error?.reason == KubernetesError.Reason.tooLarge)
        }
    }

    @Test("a server that says nothing, or never comes to an end, costs only so much time", arguments: [true, false])
    func slowAnswers(isSilent: Bool) async throws {
        var limits = KubernetesClient.Limits()
        limits.answerTime = .milliseconds(200)
        let endless: [ScriptedEndpoint.Step] = [
            .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
            .drip("1\r\n \r\n", every: .milliseconds(5)),
        ]
        try await ScriptedAPI.with([isSilent ? [.hang] : endless], limits: limits) { api in
            let error = await #expect(throws: KubernetesError.self) { try await api.client.get(.nodes, "n") }
            #expect(error?.reason == KubernetesError.Reason.deadline)
        }
    }

    @Test("a server with a certificate of another authority is not asked") func wrongAuthority() async throws {
        let (ours, theirs) = (try TestCA(), try TestCA())
        try await ScriptedEndpoint.with(try theirs.loopbackServer(), { _ in answer("{}") }) { endpoint in
            let configuration = ClusterConfiguration(
                server: endpoint.url, authorities: .text(Array(try ours.rootPEM.utf8)),
                credential: .token("secret-token"))
            try await ScriptedAPI.with(configuration, endpoint) { api in
                let error = await #expect(throws: KubernetesError.self) { try await api.client.get(.nodes, "n") }
                #expect(error?.message.contains("certificate-authority") == true, "\(error?.message ?? "")")
                #expect(endpoint.requests.isEmpty)
            }
        }
    }

    @Test("a server whose certificate has another address is not asked, unless that name is expected")
    func wrongName() async throws {
        let ca = try TestCA()
        let named = try ca.leaf("/server") { $0.names = [.dnsName("kubernetes.default.svc")] }
        try await ScriptedEndpoint.with(named, { _ in answer("{}") }) { endpoint in
            var configuration = ClusterConfiguration(
                server: endpoint.url, authorities: .text(Array(try ca.rootPEM.utf8)))
            try await ScriptedAPI.with(configuration, endpoint) { api in
                _ = await #expect(throws: KubernetesError.self) { try await api.client.get(.nodes, "n") }
            }
            #expect(endpoint.requests.isEmpty)
            configuration.tlsServerName = "kubernetes.default.svc"
            try await ScriptedAPI.with(configuration, endpoint) { api in _ = try await api.client.get(.nodes, "n") }
            #expect(endpoint.requests.count == 1)
        }
    }

    @Test("a renewed token is used at the next request; one that cannot be read leaves the last") func rotatedToken()
        async throws
    {
        let path = try TemporaryFolder().path("token")
        try #require(write("first\n", to: path))
        try await ScriptedAPI.with([answer("{}")], credential: .tokenFile(path)) { api in
            _ = try await api.client.get(.nodes, "n")
            try #require(write("second", to: path))
            _ = try await api.client.get(.nodes, "n")
            try #require(write("", to: path))
            _ = try await api.client.get(.nodes, "n")
            let tokens = api.endpoint.requests.map { $0.split(separator: "Bearer ").last?.prefix { $0 != "\r\n" } }
            #expect(tokens == ["first", "second", "second"])
        }
    }

    @Test(
        "a name that would be another path is refused",
        arguments: ["", ".", "..", "a/b", "a%2Fb", String(repeating: "a", count: 254)])
    func badNames(_ name: String) async throws {
        try await ScriptedAPI.with([answer("{}")]) { api in
            let error = await #expect(throws: KubernetesError.self) { try await api.client.get(.nodes, name) }
            #expect(error?.reason == KubernetesError.Reason.request)
            await #expect(throws: KubernetesError.self) { try await api.client.get(.pods, "a", namespace: name) }
            #expect(api.endpoint.requests.isEmpty)
        }
    }

    @Test("selections reach the server as they were written") func selections() async throws {
        try await ScriptedAPI.with([page([])]) { api in
            let selection = ObjectSelection(labels: "app in (a,b),!c+d", fields: "spec.nodeName=n 1&x")
            _ = try await api.client.list(.pods, selection)
            let target = try #require(api.endpoint.requests.first?.split(separator: " ").dropFirst().first)
            #expect(target.contains("labelSelector=app%20in%20(a,b),!c%2Bd&"), "\(target)")
            #expect(target.contains("fieldSelector=spec.nodeName%3Dn%201%26x"), "\(target)")
        }
    }

    @Test("a token is in no error and no log line") func noSecrets() async throws {
        let log = RecordedLog()
        let busy = answer("429 Too Many", headers: ["Retry-After: 0"], "{}")
        try await ScriptedAPI.with([busy, refusal(401, "Unauthorized")], logger: log.logger()) { api in
            let error = await #expect(throws: KubernetesError.self) { try await api.client.get(.nodes, "n") }
            #expect(error.map { "\($0)" }?.contains("secret-token") == false)
            #expect(!log.lines.isEmpty)
            #expect(!"\(log.lines)".contains("secret-token"))
        }
    }
}
