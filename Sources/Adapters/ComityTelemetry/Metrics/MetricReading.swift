// SPDX-License-Identifier: Apache-2.0

/// The value of a gauge that is looked at only when somebody asks.
package struct MetricReading: Sendable {
    package var name: MetricName
    package var value: Double
    package var labels: KeyValuePairs<MetricLabel, String>

    package init(_ name: MetricName, _ value: Double, _ labels: KeyValuePairs<MetricLabel, String> = [:]) {
        self.name = name
        self.value = value
        self.labels = labels
    }
}
