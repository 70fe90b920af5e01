// SPDX-License-Identifier: Apache-2.0

/// Remembers over restarts what a controller made. What is to be made is claimed before, so that a crash leaves a claim to
/// nothing, and never something without a claim.
package protocol OwnershipRecord: Sendable {
    /// `nil` when nothing was ever claimed: this is the first run.
    func load() async throws -> Owned?
    /// Claiming nothing says that the first run is over.
    ///
    /// - Returns: What is claimed by others, and stays theirs.
    func claim(_ objects: Owned) async throws -> Owned
    func release(_ objects: Owned) async throws
}
