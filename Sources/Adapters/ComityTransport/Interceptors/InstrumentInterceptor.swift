// SPDX-License-Identifier: Apache-2.0

package import ComityTelemetry
package import GRPCCore
import Synchronization
import Tracing

/// Counts, times and traces each RPC. Stands before all others, so that what they refuse is counted too.
package final class InstrumentInterceptor: ServerInterceptor {
    private struct State {
        /// By full method, of which there are as many as are served.
        var names: [MethodDescriptor: MetricName] = [:]
        /// By service.
        var open: [String: Int] = [:]
    }

    private let instruments: Instruments
    private let connections: [String: ConnectionMetrics]
    private let state = Mutex(State())

    /// - Parameter connections: By full service name, for services whose open calls are told of.
    package init(_ instruments: Instruments, connections: [String: ConnectionMetrics] = [:]) {
        self.instruments = instruments
        self.connections = connections
    }

    package func intercept<Input: Sendable, Output: Sendable>(
        request: StreamingServerRequest<Input>,
        context: ServerContext,
        next:
            @concurrent @Sendable (StreamingServerRequest<Input>, ServerContext) async throws ->
            StreamingServerResponse<Output>
    ) async throws -> StreamingServerResponse<Output> {
        let call = begin(context.descriptor, request.metadata)
        do {
            let response = try await call.within { try await next(request, context) }
            return response.wrappingProducer { produce in
                do {
                    let trailers = try await call.within { try await produce() }
                    call.end(nil)
                    return trailers
                } catch {
                    call.end(error)
                    throw error
                }
            } onRejection: {
                call.end($0)
            }
        } catch {
            call.end(error)
            throw error
        }
    }

    private func begin(_ method: MethodDescriptor, _ metadata: Metadata) -> InstrumentedCall {
        let service = method.service.fullyQualifiedService
        let name = name(of: method)
        change(service, by: 1)
        if let connection = connections[service] { instruments.count(connection.begun) }
        let span = instruments.beginServing(method.fullyQualifiedMethod, calledBy: metadata, MetadataReader())
        span.attributes["rpc.system"] = "grpc"
        span.attributes["rpc.service"] = service
        span.attributes["rpc.method"] = method.method
        let start = ContinuousClock.now
        return InstrumentedCall(span: span) { [self] error in
            instruments.finished(name, since: start, error)
            change(service, by: -1)
        }
    }

    private func name(of method: MethodDescriptor) -> MetricName {
        state.withLock { state in
            if let known = state.names[method] { return known }
            let name = MetricName.rpc(service: method.service.fullyQualifiedService, method: method.method)
            state.names[method] = name
            return name
        }
    }

    private func change(_ service: String, by difference: Int) {
        guard let connection = connections[service] else { return }
        // Within the lock, so that the last one to be counted is the last one to be told.
        state.withLock { state in
            state.open[service, default: 0] += difference
            instruments.set(connection.open, to: Double(state.open[service] ?? 0))
        }
    }
}

/// Finds a caller's span in its metadata.
private struct MetadataReader: Extractor {
    func extract(key: String, from carrier: Metadata) -> String? {
        carrier[stringValues: key].first { _ in true }
    }
}
