// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// The right of one server, among those that share a store, to do something for a while.
package struct Lease: Hashable, Sendable {
    package var holder: String
    package var expiresAt: Date

    package init(holder: String, expiresAt: Date) {
        self.holder = holder
        self.expiresAt = expiresAt
    }

    /// What becomes of a lease when a server claims it: whoever has it keeps it, and one that has ended is anybody's.
    ///
    /// - Parameter now: by the store's clock, the same for all who claim.
    /// - Returns: `nil` when another server has it.
    package static func claimed(
        _ current: Lease?, by holder: String, for duration: TimeInterval, at now: Date
    ) -> Lease? {
        if let current, current.holder != holder, now < current.expiresAt { return nil }
        return Lease(holder: holder, expiresAt: now.addingTimeInterval(duration))
    }
}
