// SPDX-License-Identifier: Apache-2.0

/// Of several identities with one hint only the first counts (Workload API §5.2.1).
struct HintFilter: Hashable, Sendable {
    private var seen: Set<String> = []

    mutating func admits(_ hint: String) -> Bool {
        hint.isEmpty || seen.insert(hint).inserted
    }
}
