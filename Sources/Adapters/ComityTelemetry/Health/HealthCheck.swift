// SPDX-License-Identifier: Apache-2.0

/// A named question about the health of a part of the program.
package struct HealthCheck: Sendable {
    package var name: String
    package var run: @Sendable () async -> HealthStatus

    package init(_ name: String, run: @escaping @Sendable () async -> HealthStatus) {
        self.name = name
        self.run = run
    }
}
