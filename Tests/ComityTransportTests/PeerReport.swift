// SPDX-License-Identifier: Apache-2.0

import ComityTransport
import GRPCCore
import NIOPosix
import ServerAPIProtos
import SwiftProtobuf
import X509

/// A service that tells its caller who the transport says it is: `List` answers with facts as keys, `Watch` stays open.
struct PeerReport: Grpc_Health_V1_Health.SimpleServiceProtocol {
    func check(
        request: Grpc_Health_V1_HealthCheckRequest, context: ServerContext
    ) async throws -> Grpc_Health_V1_HealthCheckResponse {
        .with { $0.status = .serving }
    }

    func list(
        request: Grpc_Health_V1_HealthListRequest, context: ServerContext
    ) async throws -> Grpc_Health_V1_HealthListResponse {
        guard let peer = context.peer else {
            throw RPCError(code: .failedPrecondition, message: "no peer")
        }
        return .with { reply in
            for fact in Self.facts(of: peer) {
                reply.statuses[fact] = .init()
            }
        }
    }

    func watch(
        request: Grpc_Health_V1_HealthCheckRequest, response: RPCWriter<Grpc_Health_V1_HealthCheckResponse>,
        context: ServerContext
    ) async throws {
        let (waiting, end) = AsyncStream.makeStream(of: Never.self)
        try await response.write(.with { $0.status = .serving })
        await withRPCCancellationHandler {
            for await _ in waiting {}
        } onCancelRPC: {
            end.finish()
        }
    }

    private static func facts(of peer: PeerConnection) -> [String] {
        var facts = ["connection=\(peer.id)", "address=\(peer.address)"]
        if MultiThreadedEventLoopGroup.currentEventLoop != nil { facts.append("thread=event loop") }
        if let local = peer.local {
            facts += ["pid=\(local.pid)", "uid=\(local.uid)", "gid=\(local.gid)"]
            facts.append("running=\(local.isRunning.map(String.init) ?? "unknown")")
        }
        if let tls = peer.tls {
            facts += ["id=\(tls.spiffeID)", "serial=\(tls.certificates[0].serialNumber)"]
        }
        return facts
    }
}
