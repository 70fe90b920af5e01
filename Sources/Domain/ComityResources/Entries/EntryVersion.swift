// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import FoundationEssentials

/// What tells whether an entry is as it was.
package struct EntryVersion: Hashable, Sendable {
    package let id: String
    package let revisionNumber: Int64
    package let createdAt: Date

    package init(_ entry: Entry) {
        self.init(id: entry.id, revisionNumber: entry.revisionNumber, createdAt: entry.createdAt)
    }

    package init(id: String, revisionNumber: Int64, createdAt: Date) {
        self.id = id
        self.revisionNumber = revisionNumber
        self.createdAt = createdAt
    }
}
