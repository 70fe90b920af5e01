// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SPIFFE

/// Gives what each request is made with, and renews it.
actor CredentialSource {
    private let credential: ClusterCredential
    private let execInfo: String
    private let environment: [String: String]
    private let now: @Sendable () -> Date

    /// The last token that a file held; used while the file cannot be read.
    private var lastToken: String?
    private var executed: ExecCredential?
    private var running: Task<Result<ExecCredential, KubernetesError>, Never>?

    /// - Parameters:
    ///   - environment: The variables of this process, handed to exec plugins.
    ///   - now: The present by the wall clock, for expiry.
    init(
        _ configuration: ClusterConfiguration, environment: [String: String],
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        credential = configuration.credential
        self.environment = environment
        self.now = now
        execInfo = Self.info(configuration)
    }

    func access() async throws(KubernetesError) -> ClusterAccess {
        switch credential {
        case .anonymous: return .anonymous
        case .token(let token): return ClusterAccess(token: token)
        case .tokenFile(let path): return ClusterAccess(token: try token(at: path))
        case .certificate(let certificate, let key):
            return ClusterAccess(
                certificate: try certificate.read("the client certificate"), key: try key.read("the client key"))
        case .exec(let plugin): return try await execute(plugin)
        }
    }

    /// Says that the server did not accept what a request was made with.
    ///
    /// - Returns: Whether asking for access again may give something else.
    func refused(_ access: ClusterAccess) -> Bool {
        guard case .exec = credential else { return false }
        if executed?.access == access { executed = nil }
        return true
    }

    private func token(at path: String) throws(KubernetesError) -> String {
        do throws(KubernetesError) {
            let token = try CredentialFile.token(at: path)
            lastToken = token
            return token
        } catch {
            guard let lastToken else { throw error }
            return lastToken
        }
    }

    private func execute(_ plugin: ExecPlugin) async throws(KubernetesError) -> ClusterAccess {
        if let executed, executed.expiresAt.map({ now() < $0 }) ?? true { return executed.access }
        // One run for all who ask meanwhile; all of them wait for this task.
        let task =
            running
            ?? Task { [environment, execInfo] in
                do throws(KubernetesError) {
                    let output = try await ExecRun(plugin: plugin, environment: environment, info: execInfo).output()
                    return .success(try ExecCredential(output: output, apiVersion: plugin.apiVersion))
                } catch {
                    return .failure(error)
                }
            }
        running = task
        let result = await task.value
        if running == task { running = nil }
        executed = try result.get()
        return try result.get().access
    }

    /// The value of `KUBERNETES_EXEC_INFO`.
    private static func info(_ configuration: ClusterConfiguration) -> String {
        guard case .exec(let plugin) = configuration.credential else { return "" }
        var spec: JSONObject = ["interactive": false]
        if plugin.needsClusterInfo {
            var cluster: JSONObject = ["server": .string(configuration.server)]
            cluster["tls-server-name"] = configuration.tlsServerName.map { .string($0) }
            if configuration.skipsVerification { cluster["insecure-skip-tls-verify"] = true }
            if let authorities = try? configuration.authorities?.read("the certificate authority") {
                cluster["certificate-authority-data"] = .string(Base64.standard.encode(authorities))
            }
            spec["cluster"] = .object(cluster)
        }
        let credential: JSONValue = [
            "apiVersion": .string(plugin.apiVersion), "kind": "ExecCredential", "spec": .object(spec),
        ]
        return String(decoding: credential.bytes(), as: UTF8.self)
    }
}
