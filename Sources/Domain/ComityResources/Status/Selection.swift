// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SPIFFE

/// What a resource is told of its class.
enum Selection {
    static let selected = Condition(.selected, .yes, "ClassMatches", "this controller handles its class")

    /// - Parameter reason: Why this controller leaves the resource alone.
    /// - Returns: `nil` when nothing is worth writing, or another controller has said that it handles the resource.
    static func update(
        unselected reason: String, _ object: JSONValue, at now: Date
    ) -> StatusUpdate? {
        let generation = object["metadata"]?["generation"]?.number?.signed ?? 0
        let known = object["status"]?["conditions"]?.array?.first {
            $0["type"]?.string == Condition.Kind.selected.rawValue
        }
        let isHandled = known?["status"]?.string == Condition.State.yes.rawValue
        guard !isHandled || (known?["observedGeneration"]?.number?.signed ?? 0) < generation else { return nil }
        let conditions = [
            Condition(.ready, .no, "NotSelected", reason), Condition(.selected, .no, "NotSelected", reason),
        ]
        return StatusUpdate(conditions, JSONObject(), of: object, at: now)
    }
}
