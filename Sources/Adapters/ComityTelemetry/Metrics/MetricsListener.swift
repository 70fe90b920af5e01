// SPDX-License-Identifier: Apache-2.0

import Hummingbird
package import Logging
import NIOCore
import ServiceLifecycle

/// Serves metrics by plain HTTP, on every path as SPIRE does.
package struct MetricsListener: Service {
    private let settings: MetricsSettings
    private let registry: MetricsRegistry
    private let logger: Logger
    private let readings: @Sendable () async -> [MetricReading]
    private let onServing: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - readings: What is looked at only when somebody asks.
    ///   - onServing: Told the port once requests are answered.
    package init(
        _ settings: MetricsSettings, registry: MetricsRegistry, logger: Logger,
        readings: @escaping @Sendable () async -> [MetricReading] = { [] },
        onServing: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.settings = settings
        self.registry = registry
        self.logger = logger.with(.subsystemName, "telemetry")
        self.readings = readings
        self.onServing = onServing
    }

    /// Serves until cancelled or shut down.
    ///
    /// - Throws: ``TelemetryError`` with code `listen`.
    package func run() async throws {
        if !["localhost", "127.0.0.1", "::1"].contains(settings.address) {
            logger.warning(
                "Metrics are served to other machines too; make sure that access to the port is controlled",
                metadata: [.address: "\(settings.address)"])
        }
        let listener = PlainHTTPListener(
            subject: "metrics", address: settings.address, port: settings.port,
            addressKey: settings.addressKey, portKey: settings.portKey)
        try await listener.run { _ in
            await respond()
        } onServing: { port in
            logger.info("Serving metrics", metadata: [.address: "\(settings.address):\(port)"])
            await onServing(port)
        }
    }

    private func respond() async -> Response {
        let families = ProcessMetrics.families() + registry.families(await readings())
        return Response(
            status: .ok, headers: [.contentType: MetricFamily.contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(string: families.map(\.text).joined())))
    }
}
