// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry

/// What is to be done so that the server has the entries that are declared, and nothing else of ours.
package struct EntryPlan: Hashable, Sendable {
    /// Why entries that nobody declares any more are left for now.
    package enum Withholding: Hashable, Sendable {
        /// Not everything could be read: what seems undeclared may be declared.
        case incompleteRead
        /// More would go at once than is allowed.
        case tooMany(allowed: Int)
        /// A resource that may declare them cannot be used as it is.
        case undecided
    }

    package struct Update: Hashable, Sendable {
        /// As the server has it.
        package var current: Entry
        package var declared: DeclaredEntry

        package init(current: Entry, declared: DeclaredEntry) {
            self.current = current
            self.declared = declared
        }
    }

    package var creates: [DeclaredEntry] = []
    package var updates: [Update] = []
    package var deletes: [Entry] = []
    /// Those that are as they should be.
    package var unchanged: [Update] = []
    /// The server has them, made by another: they are left as they are.
    package var taken: [Update] = []
    /// Those that lost to another resource's, which means the same entry.
    package var masked: [DeclaredEntry] = []
    /// What would be deleted but for the reason.
    package var withheld: [Entry] = []
    package var withholding: Withholding?

    package init() {}

    /// Nothing is to be changed on the server.
    package var isDone: Bool { creates.isEmpty && updates.isEmpty && deletes.isEmpty }
}
