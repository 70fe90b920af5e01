// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import ComityAttestation
import NIOCore
import NIOHTTP1
import NIOSSL
import SPIFFE

/// Asks the kubelet of this node for its pods.
struct KubeletClient: Sendable {
    private static let timeout: TimeAmount = .seconds(10)
    /// Some tens of kilobytes for each pod, and hundreds of pods at most.
    private static let maximumSize = 64 << 20
    private static let maximumFile = 1 << 20
    private static let maximumReason = 1024

    private let connection: KubernetesAttestorSettings.Connection
    private let nodeName: String?

    init(_ connection: KubernetesAttestorSettings.Connection, nodeName: String?) {
        self.connection = connection
        self.nodeName = nodeName
    }

    var url: String {
        switch connection {
        case .plain(let port): "http://127.0.0.1:\(port)/pods"
        case .secure(let port, _, _): "https://\(nodeName ?? "127.0.0.1"):\(port)/pods"
        }
    }

    /// Files are read anew each time: tokens and certificates are replaced while the agent runs.
    func pods() async throws -> [KubeletPod] {
        var request = HTTPClientRequest(url: url)
        if case .secure(_, _, .token(let path)) = connection {
            request.headers.add(name: "Authorization", value: "Bearer \(try Self.token(path))")
        }
        let (status, body) = try await answer(to: request, tls: try tlsConfiguration())
        guard status == 200 else {
            let reason = String(decoding: body.prefix(Self.maximumReason), as: UTF8.self)
            throw AttestationError(
                .unavailable, "unexpected status code on pods response: \(status) \(reason.quoted)\(cure(status))")
        }
        return try Self.pods(in: body, from: url)
    }

    private func answer(
        to request: HTTPClientRequest, tls: TLSConfiguration?
    ) async throws(AttestationError) -> (status: UInt, body: [UInt8]) {
        do {
            return try await HTTPClient.scoped {
                $0.tlsConfiguration = tls
            } _: { client in
                let response = try await client.execute(request, timeout: Self.timeout)
                let body = try await response.body.collect(upTo: Self.maximumSize)
                return (response.status.code, Array(buffer: body))
            }
        } catch {
            throw AttestationError(
                .unavailable,
                "unable to perform request: kubelet does not answer at \(url), check kubelet_secure_port, node_name and "
                    + "kubelet_ca_path", cause: error)
        }
    }

    private static func pods(in body: [UInt8], from url: String) throws(AttestationError) -> [KubeletPod] {
        do throws(SPIFFEError) {
            let list = try JSONValue(parsing: body, maximumBytes: maximumSize)
            guard let items = list["items"]?.array else {
                // Go writes an empty list so.
                if list["kind"]?.string == "PodList", list["items"] == .null || list["items"] == nil { return [] }
                throw SPIFFEError(.invalidJSON, "it holds no list of pods")
            }
            return items.compactMap(KubeletPod.init)
        } catch {
            throw AttestationError(.unavailable, "unable to parse kubelet response from \(url): \(error.message)")
        }
    }

    private func cure(_ status: UInt) -> String {
        switch status {
        case 401: "; the kubelet must accept the token or certificate of the agent"
        case 403: "; give the service account of the agent the verb get on nodes/proxy"
        default: ""
        }
    }

    // MARK: - Credentials

    private func tlsConfiguration() throws -> TLSConfiguration? {
        guard case .secure(_, let authorityPath, let credential) = connection else { return nil }
        var tls = TLSConfiguration.makeClientConfiguration()
        if let authorityPath {
            tls.trustRoots = .certificates(
                try Self.certificates(authorityPath, "unable to load kubelet CA", "kubelet_ca_path"))
            // A kubelet is asked on the loopback interface under no name.
            if nodeName == nil { tls.certificateVerification = .noHostnameVerification }
        } else {
            tls.certificateVerification = .none
        }
        if case .certificate(let path, let keyPath) = credential {
            tls.certificateChain = try Self.certificates(path, "unable to load certificate", "certificate_path").map {
                .certificate($0)
            }
            tls.privateKey = .privateKey(try Self.privateKey(keyPath))
        }
        return tls
    }

    private static func certificates(
        _ path: String, _ failure: String, _ key: String
    ) throws(AttestationError) -> [NIOSSLCertificate] {
        let content = try file(path, failure, key)
        do {
            return try NIOSSLCertificate.fromPEMBytes(content)
        } catch {
            throw AttestationError(.unavailable, "\(failure): \(path) holds no certificates in PEM; see \(key)")
        }
    }

    private static func privateKey(_ path: String) throws(AttestationError) -> NIOSSLPrivateKey {
        let content = try file(path, "unable to load private key", "private_key_path")
        do {
            return try NIOSSLPrivateKey(bytes: content, format: .pem)
        } catch {
            throw AttestationError(
                .unavailable, "unable to load keypair: \(path) holds no key in PEM; see private_key_path")
        }
    }

    private static func token(_ path: String) throws(AttestationError) -> String {
        let content = try file(path, "unable to load token", "token_path")
        let words = content.split { $0 <= UInt8(ascii: " ") }
        guard words.count == 1, let token = words.first.flatMap({ String(validating: $0, as: UTF8.self) }) else {
            throw AttestationError(.unavailable, "unable to load token: \(path) holds no token; see token_path")
        }
        return token
    }

    private static func file(_ path: String, _ failure: String, _ key: String) throws(AttestationError) -> [UInt8] {
        do throws(AttestationError) {
            return try BoundedFile.read(path, atMost: maximumFile)
        } catch {
            throw AttestationError(.unavailable, "\(failure): \(error.message); see \(key)")
        }
    }
}
