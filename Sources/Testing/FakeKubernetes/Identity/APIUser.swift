// SPDX-License-Identifier: Apache-2.0

/// Who sends a request.
package struct APIUser: Hashable, Sendable {
    package let name: String
    package let groups: [String]

    package init(_ name: String, groups: [String] = []) {
        self.name = name
        self.groups = groups
    }

    package static let administrator = APIUser("kubernetes-admin", groups: ["system:masters", "system:authenticated"])
}
