// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import FoundationEssentials
public import Logging
import NIOCore
import NIOHTTP1
import SPIFFE

/// A client of one Kubernetes API server. Objects are JSON, so that fields nobody here knows survive.
///
/// Reads are repeated when the server is busy (429, 503 with `Retry-After`) or the connection broke; writes only when the
/// server says that it has not begun (429). Every answer has a bound in size and time. To be shut down when no longer needed.
///
/// ```swift
/// let client = try KubernetesClient(configuration, userAgent: "example/1", logger: logger)
/// let map = try await client.get(.configMaps, "settings", namespace: "default")
/// try await client.mergePatch(.configMaps, name: "settings", namespace: "default", ["data": ["seen": "yes"]])
/// await client.shutdown()
/// ```
public final class KubernetesClient: Sendable {
    /// Bounds of what a client takes.
    public struct Limits: Hashable, Sendable {
        /// The longest answer, and the longest line of a watch, in bytes.
        public var answerBytes = 64 << 20
        /// How long one request may take, without waiting for its turn.
        public var answerTime = Duration.seconds(60)
        /// How many objects a page of a list has.
        public var pageSize = 500
        /// How many objects a list has.
        public var listedObjects = 1_000_000
        /// How long a watch may be silent; API servers send a bookmark about once a minute.
        public var watchSilence = Duration.seconds(180)

        /// Makes the bounds that suit large clusters.
        public init() {}
    }

    /// Whom the client asks.
    public let configuration: ClusterConfiguration
    let limits: Limits
    let logger: Logger
    private let userAgent: String
    private let address: ServerAddress
    private let credentials: CredentialSource
    private let connections: Connections

    /// Makes a client; nothing is asked yet.
    ///
    /// - Parameters:
    ///   - userAgent: What the audit log of the server calls it, such as `example/1.0`.
    ///   - environment: The variables of this process, handed to exec plugins; `nil` takes them as they are.
    /// - Throws: ``KubernetesError`` with reason ``KubernetesError/Reason/configuration``.
    public init(
        _ configuration: ClusterConfiguration, userAgent: String, logger: Logger, limits: Limits = Limits(),
        environment: [String: String]? = nil
    ) throws(KubernetesError) {
        self.configuration = configuration
        self.userAgent = userAgent
        self.logger = logger
        self.limits = limits
        address = try ServerAddress(configuration)
        credentials = CredentialSource(configuration, environment: environment ?? ProcessInfo.processInfo.environment)
        connections = Connections(address, silence: limits.watchSilence)
        // A bad authority is told now instead of at each request.
        _ = try TLSMaterial(configuration, .anonymous).tlsConfiguration()
    }

    /// Ends all requests and watches. The client cannot be used after it.
    public func shutdown() async {
        await connections.shutdown()
    }

    /// Makes a request, again where that helps, and reads the object that is answered.
    @discardableResult
    func send(_ request: APIRequest) async throws(KubernetesError) -> JSONValue {
        var rule = RetryRule(isRead: request.isRead)
        var isAuthorized = false
        while true {
            let answer: Answer
            do throws(KubernetesError) {
                answer = try await once(request)
            } catch {
                let isConnection = error.reason == KubernetesError.Reason.connection
                guard case .repeatRequest = rule.failed(isConnection: isConnection) else { throw error }
                continue
            }
            if answer.status == 401, !isAuthorized, await credentials.refused(answer.access) {
                isAuthorized = true
                continue
            }
            guard case .repeatRequest(let wait) = rule.answered(status: answer.status, retryAfter: answer.retryAfter)
            else { return try answer.object(asked: request.description, maximumBytes: limits.answerBytes) }
            logger.debug(
                "Kubernetes API is busy; repeating the request",
                metadata: ["request": "\(request.description)", "status": "\(answer.status)", "wait": "\(wait)"])
            try await pause(wait)
        }
    }

    private func once(_ request: APIRequest) async throws(KubernetesError) -> Answer {
        let access = try await credentials.access()
        let prepared = http(request, access)
        let (maximum, limit, server) = (limits.answerBytes, limits.answerTime, address.name)
        return try await connections.use(try TLSMaterial(configuration, access)) {
            client async throws(KubernetesError) -> Answer in
            try await withTimeLimit(limit, server: server) {
                let response = try await client.execute(prepared, deadline: .distantFuture)
                return try await Answer(response, access: access, maximumBytes: maximum, asked: request.description)
            }
        }
    }

    /// Makes a request whose answer has no end, and gives each part of it to the body.
    func stream(
        _ request: APIRequest, opened: () -> Void, _ body: (ByteBuffer) async throws(KubernetesError) -> Void
    ) async throws(KubernetesError) {
        let access = try await credentials.access()
        let prepared = http(request, access)
        let (maximum, limit, server) = (limits.answerBytes, limits.answerTime, address.name)
        try await connections.use(try TLSMaterial(configuration, access)) { client async throws(KubernetesError) in
            do {
                let response = try await client.execute(prepared, deadline: .now() + TimeAmount(limit))
                guard response.status == .ok else {
                    let answer = try await withTimeLimit(limit, server: server) {
                        try await Answer(response, access: access, maximumBytes: maximum, asked: request.description)
                    }
                    if answer.status == 401 { _ = await self.credentials.refused(access) }
                    _ = try answer.object(asked: request.description, maximumBytes: maximum)
                    return
                }
                opened()
                for try await part in response.body { try await body(part) }
            } catch {
                throw KubernetesError(connection: error, server: server)
            }
        }
    }

    private func http(_ request: APIRequest, _ access: ClusterAccess) -> HTTPClientRequest {
        var prepared = HTTPClientRequest(url: address.url(request.path, request.query))
        prepared.method = request.method
        prepared.headers = ["Accept": "application/json", "User-Agent": userAgent]
        if let token = access.token { prepared.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let body = request.body {
            prepared.headers.add(name: "Content-Type", value: request.contentType)
            prepared.body = .bytes(ByteBuffer(bytes: body.bytes()))
        }
        return prepared
    }

    func pause(_ wait: Duration) async throws(KubernetesError) {
        do {
            try await Task.sleep(for: wait)
        } catch {
            throw KubernetesError(connection: error, server: address.name)
        }
    }
}
