// SPDX-License-Identifier: Apache-2.0

/// Where objects of one type are kept, whatever the version in which they are asked for.
struct GroupResource: Hashable, Sendable, CustomStringConvertible {
    /// Empty for the core group.
    let group: String
    let plural: String

    /// As messages of the API name it: `pods`, `clusterspiffeids.spire.spiffe.io`.
    var description: String { group.isEmpty ? plural : "\(plural).\(group)" }
}
