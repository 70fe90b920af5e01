// SPDX-License-Identifier: Apache-2.0

/// What the public endpoint spends on strangers at most.
package struct EndpointLimits: Hashable, Sendable {
    package var maximumConnections = 1024
    /// For the TLS handshake, for each request head, and for taking each answer.
    package var requestTimeout: Duration = .seconds(10)
    package var maximumHeaderBytes = 16 * 1024
    package var maximumHeaderFields = 100

    package init() {}
}
