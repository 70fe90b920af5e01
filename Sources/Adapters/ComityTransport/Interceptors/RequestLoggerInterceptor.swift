// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import GRPCCore
package import Logging
import Synchronization

/// Makes the logger of each RPC and writes one debug line when it ends.
package struct RequestLoggerInterceptor: ServerInterceptor {
    /// Left out of service names, as in SPIRE's log.
    private static let prefixes = ["spire.api.server.", "grpc.health.v1.", "Spiffe"]

    private let logger: Logger
    private let showsProcess: Bool

    /// - Parameter showsProcess: Adds the caller's `pid` at Unix sockets.
    package init(logger: Logger, showsProcess: Bool = false) {
        self.logger = logger
        self.showsProcess = showsProcess
    }

    package func intercept<Input: Sendable, Output: Sendable>(
        request: StreamingServerRequest<Input>,
        context: ServerContext,
        next:
            @concurrent @Sendable (StreamingServerRequest<Input>, ServerContext) async throws ->
            StreamingServerResponse<Output>
    ) async throws -> StreamingServerResponse<Output> {
        let logger = requestLogger(context)
        let lastLine = RequestLogger.LastLine()
        let start = ContinuousClock.now
        do {
            let response = try await RequestLogger.$current.withValue(logger) {
                try await RequestLogger.$lastLine.withValue(lastLine) { try await next(request, context) }
            }
            return response.wrappingProducer { produce in
                do {
                    let trailers = try await RequestLogger.$current.withValue(logger) { try await produce() }
                    logEnd(nil, since: start, lastLine, logger)
                    return trailers
                } catch {
                    logEnd(error, since: start, lastLine, logger)
                    throw error
                }
            } onRejection: {
                logEnd($0, since: start, lastLine, logger)
            }
        } catch {
            logEnd(error, since: start, lastLine, logger)
            throw error
        }
    }

    private func requestLogger(_ context: ServerContext) -> Logger {
        var logger = logger
        let service = context.descriptor.service.fullyQualifiedService
        let prefix = Self.prefixes.first(where: service.hasPrefix) ?? ""
        logger[metadataKey: "service"] = "\(service.dropFirst(prefix.count))"
        logger[metadataKey: "method"] = "\(context.descriptor.method)"
        logger[metadataKey: "request_id"] = "\(UUID().uuidString.lowercased())"
        if let local = context.peer?.local {
            if showsProcess { logger[metadataKey: "pid"] = "\(local.pid)" }
        } else if let peer = context.peer {
            logger[metadataKey: "caller_addr"] = "\(peer.address)"
            if let tls = peer.tls {
                logger[metadataKey: "caller_id"] = "\(tls.spiffeID)"
            }
        }
        return logger
    }

    private func logEnd(
        _ error: (any Error)?, since start: ContinuousClock.Instant, _ lastLine: RequestLogger.LastLine,
        _ logger: Logger
    ) {
        guard logger.logLevel <= .debug else { return }
        var metadata = lastLine.fields.withLock { $0 }
        metadata["elapsed"] = .stringConvertible(ContinuousClock.now - start)
        metadata["status"] = "\(GoStatusCode.name(of: error))"
        logger.debug("RPC finished", metadata: metadata)
    }
}
