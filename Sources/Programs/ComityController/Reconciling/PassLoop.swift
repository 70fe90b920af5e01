// SPDX-License-Identifier: Apache-2.0

import ServiceLifecycle

/// Lets passes follow each other: one at once, one for each pull of the trigger, and one when nobody has pulled for a
/// while.
package struct PassLoop: Sendable {
    package let trigger: Trigger
    package let interval: Duration
    /// So that many changes at once become one pass.
    package var spacing = Duration.zero
    package var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    package init(trigger: Trigger, interval: Duration) {
        self.trigger = trigger
        self.interval = interval
    }

    /// Runs until it is asked to stop, which lets a pass end that has begun, or cancelled.
    package func run(_ pass: @escaping @Sendable () async -> Void) async {
        await withGracefulShutdownHandler {
            await follow(pass)
        } onGracefulShutdown: {
            trigger.finish()
        }
    }

    private func follow(_ pass: @escaping @Sendable () async -> Void) async {
        await withTaskGroup { group in
            group.addTask {
                while (try? await sleep(interval)) != nil { trigger.pull() }
            }
            trigger.pull()
            for await _ in trigger.pulls {
                await pass()
                guard (try? await sleep(spacing)) != nil else { break }
            }
            group.cancelAll()
        }
    }
}
