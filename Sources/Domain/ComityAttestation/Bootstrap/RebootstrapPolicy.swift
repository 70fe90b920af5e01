// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// When an agent whose bundle does not know its server forgets both its bundle and its identity and begins anew.
package struct RebootstrapPolicy: Hashable, Sendable {
    package enum Mode: String, CaseIterable, Hashable, Sendable {
        case never
        /// Where the node can prove itself again.
        case auto
        /// The same, and an agent that cannot does not start.
        case always
    }

    package enum Action: Hashable, Sendable {
        case goOn
        /// So long the server may still come back.
        case wait(TimeInterval)
        case begin
    }

    package static let defaultDelay: TimeInterval = 600

    package var mode: Mode
    /// How long the server must be unknown without a break.
    package var delay: TimeInterval

    package init(mode: Mode = .never, delay: TimeInterval = defaultDelay) {
        self.mode = mode
        self.delay = delay
    }

    /// - Parameter unknownSince: Since when no authority of the bundle has signed what the server presents; `nil` when
    ///   one has.
    package func action(unknownSince: Date?, now: Date, canReattest: Bool) -> Action {
        guard mode != .never, canReattest, let unknownSince else { return .goOn }
        let left = delay - now.timeIntervalSince(unknownSince)
        return left > 0 ? .wait(left) : .begin
    }
}
