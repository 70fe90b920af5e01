// SPDX-License-Identifier: Apache-2.0

/// Which part of a listing is asked for.
package struct PageRequest: Hashable, Sendable {
    /// How many items at most; 0 or less stands for all.
    package var size: Int32
    /// Opaque, from the page before; empty for the first.
    package var token: String

    package static let all = PageRequest(size: 0)

    package init(size: Int32, token: String = "") {
        self.size = size
        self.token = token
    }
}

/// One part of a listing, in order of creation.
package struct Page<Item: Sendable>: Sendable {
    package var items: [Item]
    /// Empty after the last page.
    package var nextToken: String

    package init(items: [Item], nextToken: String) {
        self.items = items
        self.nextToken = nextToken
    }
}
