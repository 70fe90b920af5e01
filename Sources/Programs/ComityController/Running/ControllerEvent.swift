// SPDX-License-Identifier: Apache-2.0

/// What happens while a controller runs.
package enum ControllerEvent: Hashable, Sendable {
    case servingHealth(port: Int)
    case servingMetrics(port: Int)
}
