// SPDX-License-Identifier: Apache-2.0

import ComityTelemetry

/// The metrics that tell how many calls of one service began and how many go on.
package struct ConnectionMetrics: Sendable {
    var begun: MetricName
    var open: MetricName

    package static let workloadAPI = ConnectionMetrics(begun: .workloadConnection, open: .workloadConnections)
    package static let debugAPI = ConnectionMetrics(begun: .debugConnection, open: .debugConnections)
    package static let delegatedIdentityAPI = ConnectionMetrics(
        begun: .delegatedConnection, open: .delegatedConnections)
}
