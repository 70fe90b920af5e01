// SPDX-License-Identifier: Apache-2.0

package import ComityTelemetry

extension Instruments {
    /// Those of a program, which tells of statuses as gRPC does.
    ///
    /// - Parameter metrics: `nil` when nobody looks at them.
    package init(metrics: MetricsRegistry?) {
        self.init(metrics: metrics, status: { GoStatusCode.name(of: $0) })
    }
}
