// SPDX-License-Identifier: Apache-2.0

/// How the entries of one resource stand.
package struct EntryTally: Hashable, Sendable {
    /// Wanted, and not lost to another resource.
    package var wanted = 0
    /// Lost to another resource that wants the same.
    package var masked = 0
    /// Refused by the server.
    package var failed = 0
    /// The server has them as they are wanted.
    package var set = 0

    package init() {}

    var isEmpty: Bool { self == EntryTally() }
}
