// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The level of a running program's log, which can be changed and put back.
package final class LogLevelSwitch: Sendable {
    private static let levels = LogLevel.allCases

    /// As the program was started.
    package let launch: LogLevel
    private let state: Atomic<Int>

    package init(_ launch: LogLevel) {
        self.launch = launch
        state = Atomic(Self.index(of: launch))
    }

    /// In force for every logger of the log, at once.
    package var current: LogLevel {
        get { Self.levels[state.load(ordering: .relaxed)] }
        set { state.store(Self.index(of: newValue), ordering: .relaxed) }
    }

    private static func index(of level: LogLevel) -> Int {
        levels.firstIndex(of: level) ?? 0
    }
}
