// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

/// Labels of an object.
package struct Labels: Hashable, Sendable {
    package var values: [String: String]

    package init(_ values: [String: String]) {
        self.values = values
    }

    package init(json: JSONValue?) {
        values = json?.object?.members.reduce(into: [:]) { $0[$1.name] = $1.value.string ?? "" } ?? [:]
    }
}
