// SPDX-License-Identifier: Apache-2.0

import ServiceLifecycle

extension LocalAuthorities: Service {
    /// Keeps authorities, bundle and own SVID fresh until shutdown; ``start()`` comes first.
    package func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            await withDiscardingTaskGroup { group in
                group.addTask { await self.time.repeating(every: .seconds(10)) { await self.rotate() } }
                group.addTask { await self.time.repeating(every: .seconds(5)) { await self.identity.renewIfDue() } }
                if self.upstream != nil {
                    group.addTask { await self.time.repeating(every: .seconds(5)) { await self.followUpstream() } }
                }
                group.addTask { await self.time.repeating(every: .seconds(6 * 3600)) { await self.pruneBundle() } }
                group.addTask { await self.time.repeating(every: .seconds(8 * 3600)) { await self.pruneJournals() } }
            }
        }
    }
}
