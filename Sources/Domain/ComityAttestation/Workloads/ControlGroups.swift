// SPDX-License-Identifier: Apache-2.0

/// The control groups of one process, as `/proc/<pid>/cgroup` lists them.
package struct ControlGroups: Hashable, Sendable {
    /// One for each hierarchy, as the reader's own control group lets it see them.
    package let paths: [String]

    /// - Throws: ``AttestationError`` when the text is no such list.
    package init(parsing text: String) throws(AttestationError) {
        var paths: [String] = []
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else {
                throw AttestationError(.internalError, "cgroup entry has fewer than two colons")
            }
            paths.append(String(fields[2]))
        }
        self.paths = paths
    }
}
