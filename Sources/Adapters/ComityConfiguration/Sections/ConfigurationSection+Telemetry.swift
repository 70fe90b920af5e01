// SPDX-License-Identifier: Apache-2.0

import ComityTelemetry

extension ConfigurationSection {
    /// The `telemetry` block; nil when metrics are served nowhere.
    ///
    /// - Parameter prefix: What stands before names when the block does not say.
    func metrics(prefix: String) -> MetricsSettings? {
        guard let telemetry = section("telemetry") else { return nil }
        defer { telemetry.reportUnknownKeys(.warning) }
        for sink in ["DogStatsd", "Statsd", "M3", "InMem"] where !telemetry.occurrences(sink).isEmpty {
            telemetry.faults.error(
                "telemetry.\(sink) is not supported yet", at: telemetry.occurrences(sink).first?.place,
                cure: "remove it from the configuration; metrics are served by Prometheus")
        }
        guard let prometheus = telemetry.section("Prometheus") else {
            telemetry.shapeWithoutEffect()
            return nil
        }
        defer { prometheus.reportUnknownKeys(.error) }
        prometheus.unsupported("tls", cure: "remove it, and let only this machine reach the port")
        var settings = MetricsSettings(prefix: telemetry.text("MetricPrefix")?.value ?? prefix)
        settings.address = prometheus.text("host")?.value ?? settings.address
        settings.port = prometheus.port("port") ?? settings.port
        settings.showsHost = telemetry.flag("EnableHostnameLabel") ?? settings.showsHost
        settings.showsTrustDomain = telemetry.flag("EnableTrustDomainLabel") ?? settings.showsTrustDomain
        settings.filter.allowedPrefixes = telemetry.texts("AllowedPrefixes").map(\.value)
        settings.filter.blockedPrefixes = telemetry.texts("BlockedPrefixes").map(\.value)
        settings.filter.allowedLabels = telemetry.texts("AllowedLabels").map(\.value)
        settings.filter.blockedLabels = telemetry.texts("BlockedLabels").map(\.value)
        return settings
    }

    /// The keys that say what metrics look like, when there are none.
    private func shapeWithoutEffect() {
        let keys = [
            "MetricPrefix", "EnableTrustDomainLabel", "EnableHostnameLabel", "AllowedPrefixes", "BlockedPrefixes",
            "AllowedLabels", "BlockedLabels",
        ]
        for key in keys { withoutEffect(key, "no metrics are served") }
    }
}
