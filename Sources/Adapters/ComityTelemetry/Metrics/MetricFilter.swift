// SPDX-License-Identifier: Apache-2.0

/// Which metrics and labels are shown, by SPIRE's rules: what nothing is said of is shown.
package struct MetricFilter: Sendable, Hashable {
    /// Of names with their prefix and dots, such as `spire_server.datastore`.
    package var allowedPrefixes: [String] = []
    package var blockedPrefixes: [String] = []
    /// When there are any, labels beside them are not shown.
    package var allowedLabels: [String] = []
    package var blockedLabels: [String] = []

    package init() {}

    /// The longest prefix decides; a name that is both allowed and blocked is blocked.
    func allows(_ name: String) -> Bool {
        guard let blocked = longest(of: blockedPrefixes, before: name) else { return true }
        return (longest(of: allowedPrefixes, before: name) ?? -1) > blocked
    }

    func allows(label: String) -> Bool {
        !blockedLabels.contains(label) && (allowedLabels.isEmpty || allowedLabels.contains(label))
    }

    private func longest(of prefixes: [String], before name: String) -> Int? {
        prefixes.filter(name.hasPrefix).map(\.utf8.count).max()
    }
}
