// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTelemetry
import FoundationEssentials

extension MeasuredStore {
    func createEntry(_ entry: Entry, now: Date) async throws -> EntryCreation {
        try await measure(.registrationEntry, .create) { try await store.createEntry(entry, now: now) }
    }

    func entry(id: String) async throws -> Entry? {
        try await measure(.registrationEntry, .fetch) { try await store.entry(id: id) }
    }

    func listEntries(_ filter: EntryFilter, page: PageRequest) async throws -> Page<Entry> {
        try await measure(.registrationEntry, .list) { try await store.listEntries(filter, page: page) }
    }

    func countEntries(_ filter: EntryFilter) async throws -> Int {
        try await measure(.registrationEntry, .count) { try await store.countEntries(filter) }
    }

    func updateEntry(_ entry: Entry, fields: Set<EntryField>) async throws -> Entry {
        try await measure(.registrationEntry, .update) { try await store.updateEntry(entry, fields: fields) }
    }

    func deleteEntry(id: String) async throws -> Entry {
        try await measure(.registrationEntry, .delete) { try await store.deleteEntry(id: id) }
    }

    func pruneEntries(expiredBefore: Date) async throws -> [Entry] {
        try await measure(.registrationEntry, .prune) { try await store.pruneEntries(expiredBefore: expiredBefore) }
    }
}
