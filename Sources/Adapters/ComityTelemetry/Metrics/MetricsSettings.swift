// SPDX-License-Identifier: Apache-2.0

/// Where metrics are served and what they look like (`telemetry`).
package struct MetricsSettings: Sendable, Hashable {
    package var address = "localhost"
    /// 0 lets the system choose one.
    package var port = 0
    /// Before every name.
    package var prefix: String
    package var showsHost = true
    package var showsTrustDomain = false
    package var filter = MetricFilter()
    /// The keys of the configuration that address and port come from, for errors.
    package var addressKey = "telemetry.Prometheus.host"
    package var portKey = "telemetry.Prometheus.port"

    /// - Parameter prefix: Such as `spire_server`.
    package init(prefix: String) {
        self.prefix = prefix
    }
}
