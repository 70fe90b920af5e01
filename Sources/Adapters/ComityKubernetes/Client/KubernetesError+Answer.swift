// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOSSL
import SPIFFE

extension KubernetesError {
    /// How much of a message of the API is told on.
    private static let maximumMessage = 2048

    /// From what the API server answers instead of what was asked for.
    init(status: Int, answer: JSONValue?, asked: String) {
        if let answer, answer["kind"]?.string == "Status" {
            self.init(statusObject: answer, status: status, asked: asked)
        } else {
            self.init(status: status, "the API server answers \(status) to \(asked) and does not say why")
        }
    }

    /// From a Status object (`kind: Status`).
    ///
    /// - Parameter status: That of HTTP, which counts when the object names none.
    init(statusObject object: JSONValue, status: Int?, asked: String) {
        let code = object["code"]?.number?.signed.map { Int($0) } ?? status
        let said = object["message"]?.string ?? ""
        let message =
            said.isEmpty
            ? "the API server answers \(code.map { "\($0)" } ?? "an error") to \(asked) and does not say why"
            : String(said.prefix(Self.maximumMessage))
        self.init(status: code, reason: object["reason"]?.string ?? "", message)
    }

    /// From what the connection told.
    init(connection error: any Error, server: String) {
        switch error {
        case let error as KubernetesError:
            self = error
        case is CancellationError:
            self.init(status: nil, reason: Reason.cancelled, "the request was cancelled")
        case let error as HTTPClientError where error == .cancelled:
            self.init(status: nil, reason: Reason.cancelled, "the request was cancelled")
        case let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout:
            self.init(status: nil, reason: Reason.deadline, "\(server) did not answer in time")
        case let error as HTTPClientError where error == .connectTimeout:
            self.init(status: nil, reason: Reason.connection, "cannot connect to \(server) in time")
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
            self.init(
                status: nil, reason: Reason.connection,
                "cannot agree on TLS with \(server): \(error); look at certificate-authority, tls-server-name and the "
                    + "client certificate")
        default:
            self.init(status: nil, reason: Reason.connection, "cannot reach \(server): \(error)")
        }
    }
}
