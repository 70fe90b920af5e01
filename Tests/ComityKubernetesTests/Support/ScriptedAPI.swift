// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import ComityTesting
import Logging
import SPIFFE
import Synchronization

/// An API server that does exactly what it is told, and a client of it.
struct ScriptedAPI: Sendable {
    let endpoint: ScriptedEndpoint
    let client: KubernetesClient

    /// - Parameter answers: One after the other; the last one over and over.
    static func with<Result>(
        _ answers: [[ScriptedEndpoint.Step]], credential: ClusterCredential = .token("secret-token"),
        limits: KubernetesClient.Limits = .init(), logger: Logger = RecordedLog().logger(),
        _ body: (ScriptedAPI) async throws -> Result
    ) async throws -> Result {
        let ca = try TestCA()
        let queue = AnswerQueue(answers)
        return try await ScriptedEndpoint.with(try ca.loopbackServer(), { _ in queue.next() }) { endpoint in
            let configuration = ClusterConfiguration(
                server: endpoint.url, authorities: .text(Array(try ca.rootPEM.utf8)), credential: credential)
            return try await with(configuration, endpoint, limits: limits, logger: logger, body)
        }
    }

    static func with<Result>(
        _ configuration: ClusterConfiguration, _ endpoint: ScriptedEndpoint,
        limits: KubernetesClient.Limits = .init(), logger: Logger = RecordedLog().logger(),
        _ body: (ScriptedAPI) async throws -> Result
    ) async throws -> Result {
        let client = try KubernetesClient(configuration, userAgent: "tests/1", logger: logger, limits: limits)
        do {
            let result = try await body(ScriptedAPI(endpoint: endpoint, client: client))
            await client.shutdown()
            return result
        } catch {
            await client.shutdown()
            throw error
        }
    }
}

/// What is answered, in order.
final class AnswerQueue: Sendable {
    private let answers: Mutex<[[ScriptedEndpoint.Step]]>

    init(_ answers: [[ScriptedEndpoint.Step]]) {
        self.answers = Mutex(answers)
    }

    func next() -> [ScriptedEndpoint.Step] {
        answers.withLock { $0.count > 1 ? $0.removeFirst() : $0.first ?? [.close] }
    }
}

extension TestCA {
    /// The identity of a server at 127.0.0.1, or wherever else it is said to be.
    func loopbackServer(_ lastOctet: UInt8 = 1) throws -> TestSVID {
        try leaf("/server") { $0.names = [.ipAddress(127, 0, 0, lastOctet)] }
    }
}

/// An answer of the API that is as it should be.
func answer(_ body: String) -> [ScriptedEndpoint.Step] {
    answer("200 OK", body)
}

/// Any answer of the API.
func answer(_ status: String, headers: [String] = [], _ body: String) -> [ScriptedEndpoint.Step] {
    let fields = ["Content-Type: application/json", "Connection: close"] + headers
    return [.response(status, headers: fields, body: body), .close]
}

/// A Status object of the API.
func refusal(_ code: Int, _ reason: String, _ message: String = "no", headers: [String] = []) -> [ScriptedEndpoint.Step]
{
    answer(
        "\(code) \(reason)", headers: headers,
        #"{"kind":"Status","apiVersion":"v1","status":"Failure","code":\#(code),"reason":"\#(reason)","message":"\#(message)"}"#
    )
}

/// A page of config maps.
func page(_ names: [String], next: String = "", resourceVersion: String = "10") -> [ScriptedEndpoint.Step] {
    let items = names.map { #"{"metadata":{"name":"\#($0)","namespace":"default","resourceVersion":"5"}}"# }
    return answer(
        #"{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"\#(resourceVersion)","continue":"\#(next)"},"items":[\#(items.joined(separator: ","))]}"#
    )
}

/// A watch that tells these lines; then the server ends it, unless it is to stay open.
func watch(_ lines: [String], staysOpen: Bool = false) -> [ScriptedEndpoint.Step] {
    let text = lines.map { "\($0)\n" }.joined()
    let chunk = text.isEmpty ? "" : "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n"
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    return staysOpen ? [.send(head + chunk), .hang] : [.send(head + chunk + "0\r\n\r\n"), .close]
}

/// One line of a watch.
func event(_ type: String, _ name: String, resourceVersion: String) -> String {
    #"{"type":"\#(type)","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"\#(name)","namespace":"default","resourceVersion":"\#(resourceVersion)"}}}"#
}
