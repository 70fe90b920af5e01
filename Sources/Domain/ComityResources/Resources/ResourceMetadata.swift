// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import SPIFFE

/// Who an object is and how old.
package struct ResourceMetadata: Hashable, Sendable {
    package var name: String
    package var uid: String
    /// Raised with every change of the specification.
    package var generation: Int64
    package var createdAt: Date
    package var isBeingDeleted: Bool
    package var annotations: [String: String]

    /// - Throws: ``ResourceError`` with code `invalid` when the object has no name.
    package init(json: JSONValue) throws(ResourceError) {
        let meta = json["metadata"]
        guard let name = meta?["name"]?.string, !name.isEmpty else { throw .invalid("metadata.name", "is missing") }
        self.name = name
        uid = meta?["uid"]?.string ?? ""
        generation = meta?["generation"]?.number?.signed ?? 0
        createdAt =
            (meta?["creationTimestamp"]?.string).flatMap { try? Date($0, strategy: .iso8601) }
            ?? Date(timeIntervalSince1970: 0)
        isBeingDeleted = meta?["deletionTimestamp"]?.string != nil
        annotations = Labels(json: meta?["annotations"]).values
    }

    /// Which of two resources that want the same comes first: the older, then the one that stays, then by UID.
    package func precedes(_ other: ResourceMetadata) -> Bool {
        if createdAt != other.createdAt { return createdAt < other.createdAt }
        if isBeingDeleted != other.isBeingDeleted { return other.isBeingDeleted }
        return uid.utf8.lexicographicallyPrecedes(other.uid.utf8)
    }
}
