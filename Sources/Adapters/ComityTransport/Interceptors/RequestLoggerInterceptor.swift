// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import GRPCCore
package import Logging

/// Makes the logger of each RPC and writes one debug line when it ends.
package struct RequestLoggerInterceptor: ServerInterceptor {
    /// Left out of service names, as in SPIRE's log.
    private static let prefix = "spire.api.server."

    private let logger: Logger

    package init(logger: Logger) {
        self.logger = logger
    }

    package func intercept<Input: Sendable, Output: Sendable>(
        request: StreamingServerRequest<Input>,
        context: ServerContext,
        next:
            @concurrent @Sendable (StreamingServerRequest<Input>, ServerContext) async throws ->
            StreamingServerResponse<Output>
    ) async throws -> StreamingServerResponse<Output> {
        let logger = requestLogger(context)
        let start = ContinuousClock.now
        do {
            let response = try await RequestLogger.$current.withValue(logger) {
                try await next(request, context)
            }
            return response.wrappingProducer { produce in
                do {
                    let trailers = try await RequestLogger.$current.withValue(logger) { try await produce() }
                    logEnd(nil, since: start, logger)
                    return trailers
                } catch {
                    logEnd(error, since: start, logger)
                    throw error
                }
            } onRejection: {
                logEnd($0, since: start, logger)
            }
        } catch {
            logEnd(error, since: start, logger)
            throw error
        }
    }

    private func requestLogger(_ context: ServerContext) -> Logger {
        var logger = logger
        let service = context.descriptor.service.fullyQualifiedService
        logger[metadataKey: "service"] =
            "\(service.hasPrefix(Self.prefix) ? service.dropFirst(Self.prefix.count) : service[...])"
        logger[metadataKey: "method"] = "\(context.descriptor.method)"
        logger[metadataKey: "request_id"] = "\(UUID().uuidString.lowercased())"
        if let peer = context.peer, peer.local == nil {
            logger[metadataKey: "caller_addr"] = "\(peer.address)"
            if let tls = peer.tls {
                logger[metadataKey: "caller_id"] = "\(tls.spiffeID)"
            }
        }
        return logger
    }

    private func logEnd(_ error: (any Error)?, since start: ContinuousClock.Instant, _ logger: Logger) {
        guard logger.logLevel <= .debug else { return }
        var metadata: Logger.Metadata = ["elapsed": "\(ContinuousClock.now - start)", "status": "OK"]
        if let error {
            let status = (error as? RPCError)?.code ?? (error as? any RPCErrorConvertible)?.rpcErrorCode
            metadata["status"] = "\(status ?? .unknown)"
        }
        logger.debug("RPC finished", metadata: metadata)
    }
}
