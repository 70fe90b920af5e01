// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOCore
import NIOPosix
import NIOSSL

/// Why a peer could not be reached or was lost, in the system's words instead of a library's.
package struct ConnectionFailure: Error, Hashable {
    package enum Class: Hashable, Sendable {
        /// The name has no address.
        case name
        /// There is no connection, or none any more.
        case connection
        /// The TLS handshake failed.
        case handshake
    }

    package let `class`: Class

    /// Such as `connection refused`.
    package let reason: String

    /// Where it was tried, when the error knows.
    package let address: BoundAddress?

    package init(_ error: any Error) {
        switch error {
        case let error as NIOConnectionError:
            self.init(error)
        case let error as IOError:
            self.init(.connection, Self.text(ofErrno: error.errnoCode))
        case let error as ChannelError:
            self.init(.connection, Self.text(of: error))
        case NIOSSLError.handshakeFailed(let cause):
            self.init(.handshake, "TLS handshake failed: \(Self.text(of: cause))")
        case NIOSSLError.unableToValidateCertificate:
            self.init(.handshake, "certificate cannot be verified")
        case NIOSSLError.uncleanShutdown:
            self.init(.connection, "connection closed by the peer without a TLS goodbye")
        case let error as NIOSSLExtraError:
            self.init(.handshake, "certificate cannot be verified: \(Self.text(of: error))")
        default:
            self.init(.connection, "\(error)")
        }
    }

    private init(_ class: Class, _ reason: String, at address: BoundAddress? = nil) {
        self.class = `class`
        self.reason = reason
        self.address = address
    }

    private init(_ error: NIOConnectionError) {
        guard let attempt = error.connectionErrors.first else {
            self.init(.name, "no such host")
            return
        }
        let inner = ConnectionFailure(attempt.error)
        self.init(inner.class, inner.reason, at: BoundAddress(attempt.target))
    }

    private static func text(ofErrno code: CInt) -> String {
        String(cString: strerror(code)).lowercased()
    }

    private static func text(of error: ChannelError) -> String {
        switch error {
        case .connectTimeout: "connection timed out"
        case .eof, .ioOnClosedChannel, .alreadyClosed, .inputClosed, .outputClosed: "connection closed by the peer"
        default: "\(error)"
        }
    }

    private static func text(of error: BoringSSLError) -> String {
        switch error {
        case .sslError(let stack), .unknownError(let stack):
            stack.first.map(text(of:)) ?? "no reason given"
        case .zeroReturn, .syscallError:
            "connection closed by the peer"
        default:
            "\(error)"
        }
    }

    /// The library has the reason in its text only: `Error: 1 error:2:SSL routines:OPENSSL_internal:REASON at file:3`.
    private static func text(of error: BoringSSLInternalError) -> String {
        if error == .eofDuringHandshake { return "connection closed by the peer" }
        let parts = error.description.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count > 5, let reason = parts[5].split(separator: " ").first else { return error.description }
        return reason.lowercased().replacing("_", with: " ")
    }

    private static func text(of error: NIOSSLExtraError) -> String {
        error == .failedToValidateHostname ? "it is for another name" : error.description
    }
}

extension ConnectionFailure: CustomStringConvertible {
    package var description: String { reason }
}

extension BoundAddress {
    fileprivate init?(_ address: SocketAddress) {
        if let host = address.ipAddress, let port = address.port {
            self = .tcp(host: host, port: port)
        } else if let path = address.pathname {
            self = .unix(path: path)
        } else {
            return nil
        }
    }
}
