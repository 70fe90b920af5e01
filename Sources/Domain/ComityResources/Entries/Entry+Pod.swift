// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry

extension Entry {
    private static let podPrefix = "pod-uid:"

    /// The pod that the entry is for, by its selector; `nil` when it is for none.
    package var podUID: String? {
        let selector = selectors.first { $0.type == "k8s" && $0.value.hasPrefix(Self.podPrefix) }
        return selector.map { String($0.value.dropFirst(Self.podPrefix.count)) }
    }
}
