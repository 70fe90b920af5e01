// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOCore

/// Says what went wrong when an address could not be listened on, and what to do.
enum BindFailure {
    static func explain(_ error: any Error, unixSocket path: String) -> TransportError {
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE:
            TransportError(
                .socketBusy, "another process already listens on socket \(path); stop it or set another socket path")
        case EACCES, EPERM, EROFS:
            TransportError(
                .permissionDenied,
                "may not make socket \(path); run as a user who may write to its folder or set another socket path")
        default:
            TransportError(
                .socketPathUnusable, "cannot listen on socket \(path)", cause: ConnectionFailure(error))
        }
    }

    static func explain(_ error: any Error, host: String, port: Int) -> TransportError {
        let address = BoundAddress.tcp(host: host, port: port)
        return switch (error as? IOError)?.errnoCode {
        case EADDRINUSE:
            TransportError(
                .addressTaken,
                "another process already listens on \(address); stop it or set another bind_port")
        case EACCES, EPERM:
            TransportError(
                .permissionDenied,
                "may not listen on \(address); ports below 1024 need privileges: set another bind_port")
        case EADDRNOTAVAIL:
            TransportError(
                .addressUnusable, "this machine has no address \(host); set bind_address to one it has, or to 0.0.0.0")
        default:
            TransportError(.addressUnusable, "cannot listen on \(address)", cause: ConnectionFailure(error))
        }
    }
}
