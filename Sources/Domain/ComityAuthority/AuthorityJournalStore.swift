// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// Keeps one journal per server: which key is which authority. All failures are thrown as the store's own error.
///
/// A journal is found by the ID of the active X.509 authority in it, because that is what a server can work out from
/// its keys alone.
package protocol AuthorityJournalStore: Sendable {
    func journal(id: String) async throws -> [UInt8]?
    /// Writes the journal and removes the one named by `replacedID`, in one transaction.
    /// - Parameter expiresAt: when the last authority in the journal ends.
    func setJournal(_ bytes: [UInt8], id: String, replacing replacedID: String?, expiresAt: Date) async throws
    /// Deletes the journals whose authorities all ended before the given time; answers how many.
    func pruneJournals(expiredBefore: Date) async throws -> Int
}
