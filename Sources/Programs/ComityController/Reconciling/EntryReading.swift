// SPDX-License-Identifier: Apache-2.0

/// How well the declarations of entries could be read.
package struct EntryReading: Hashable, Sendable {
    /// Nothing is missing that could declare an entry.
    package var hasReadAll = true
    /// Pods of which it cannot be told now what they should get.
    package var undecidedPods: Set<String> = []
    /// The same for entries that are of no pod.
    package var keepsOtherEntries = false
    /// What is wrong, for the log: told when it is news.
    package var problems: [Problem] = []

    package init() {}
}
