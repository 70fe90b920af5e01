// SPDX-License-Identifier: Apache-2.0

/// Opens the way to a server for one piece of work.
package protocol ServerDoor: Sendable {
    /// - Throws: Why the server cannot be reached, and what `work` throws.
    func withServer<Result: Sendable>(_ work: (any ServerPort) async throws -> Result) async throws -> Result
}
