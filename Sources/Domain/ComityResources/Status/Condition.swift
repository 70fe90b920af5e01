// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SPIFFE

/// One thing that a custom resource's status says of it, as Kubernetes writes it.
package struct Condition: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Hashable, Sendable {
        case ready = "Ready"
        case selected = "Selected"
        case conflict = "Conflict"
        case bundleAvailable = "BundleAvailable"
        case endpointReachable = "EndpointReachable"

        /// What one wants to see.
        fileprivate var goodState: State { self == .conflict ? .no : .yes }
    }

    package enum State: String, Hashable, Sendable {
        case yes = "True"
        case no = "False"
        case unknown = "Unknown"
    }

    package let kind: Kind
    package let state: State
    /// In one word.
    package let reason: String
    package let message: String

    package init(_ kind: Kind, _ state: State, _ reason: String, _ message: String) {
        self.kind = kind
        self.state = state
        self.reason = reason
        self.message = message.shortened(to: StatusText.maximumLength)
    }

    var isBad: Bool { state != .unknown && state != kind.goodState }
    var isGood: Bool { state == kind.goodState }

    /// - Parameters:
    ///   - previous: The condition of the same kind that the object has; since then the state may be the same.
    func json(generation: Int64, previous: JSONValue?, at now: Date) -> JSONValue {
        let since = previous.flatMap { $0["status"]?.string == state.rawValue ? $0["lastTransitionTime"] : nil }
        return [
            "type": .string(kind.rawValue), "status": .string(state.rawValue), "reason": .string(reason),
            "message": .string(message), "lastTransitionTime": since ?? .string(StatusText.time(now)),
            "observedGeneration": .number(JSONNumber(generation)),
        ]
    }
}
