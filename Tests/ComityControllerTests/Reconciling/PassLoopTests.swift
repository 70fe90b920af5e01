// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import ComityController

@Suite struct PassLoopTests {
    @Test("§1.8: a pull during a pass is kept for the next one, and several count as one")
    func keepsAPull() async {
        let trigger = Trigger()
        let passes = Mutex(0)
        await PassLoop(trigger: trigger, interval: .seconds(3600)).run {
            let count = passes.withLock { passes in
                passes += 1
                return passes
            }
            if count == 1 {
                for _ in 0..<3 { trigger.pull() }
            } else {
                trigger.finish()
            }
        }
        #expect(passes.withLock { $0 } == 2)
    }
}
