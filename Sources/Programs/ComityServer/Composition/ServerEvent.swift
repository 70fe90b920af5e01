// SPDX-License-Identifier: Apache-2.0

package import ComityTransport

/// What a starting server tells: where it can be reached.
package enum ServerEvent: Hashable, Sendable {
    case servingAgents(BoundAddress)
    case servingOperators(BoundAddress)
    case servingBundle(port: Int)
    case servingHealth(port: Int)
    case servingMetrics(port: Int)
}
