// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// Keeps registration entries. All failures are ``RegistryError``; validation is done before by `EntryPolicy`.
package protocol EntryStore: Sendable {
    /// Stores a new entry, naming it with a UUID when it has no ID.
    func createEntry(_ entry: Entry, now: Date) async throws -> EntryCreation
    func entry(id: String) async throws -> Entry?
    func listEntries(_ filter: EntryFilter, page: PageRequest) async throws -> Page<Entry>
    func countEntries(_ filter: EntryFilter) async throws -> Int
    /// Writes the named fields and adds one to the revision.
    func updateEntry(_ entry: Entry, fields: Set<EntryField>) async throws -> Entry
    func deleteEntry(id: String) async throws -> Entry
    /// Deletes the entries that expired before the given time and answers with them.
    func pruneEntries(expiredBefore: Date) async throws -> [Entry]
}

/// What became of a new entry.
package enum EntryCreation: Hashable, Sendable {
    case created(Entry)
    /// An entry with the same SPIFFE ID, parent and selectors was there already; nothing was written.
    case similarExists(Entry)
}
