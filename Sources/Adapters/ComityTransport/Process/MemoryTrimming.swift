// SPDX-License-Identifier: Apache-2.0

import CLinux
import ServiceLifecycle

/// Gives memory that closed streams leave behind back to the system, which the allocator would keep otherwise.
package struct MemoryTrimming: Service {
    private static let interval = Duration.seconds(60)

    package init() {}

    package func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: Self.interval)
                comity_malloc_trim()
            }
        }
    }
}
