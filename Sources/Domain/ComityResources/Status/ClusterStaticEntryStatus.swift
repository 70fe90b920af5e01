// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import SPIFFE

/// Says in a ClusterStaticEntry whether its entry is there.
package struct ClusterStaticEntryStatus: Sendable {
    /// What became of the resource.
    package enum Standing: Hashable, Sendable {
        /// This controller does not handle its class; says why.
        case unselected(String)
        case refused(ResourceError)
        /// Another resource means the same entry; its name.
        case masked(by: String)
        /// The server would not have it; says why.
        case failed(String)
        /// The entry is there and matches.
        case set
    }

    private let standing: Standing
    private let warnings: [String]
    private let now: Date

    package init(_ standing: Standing, warnings: [String] = [], at now: Date) {
        self.standing = standing
        self.warnings = warnings
        self.now = now
    }

    /// - Parameter object: As it was last read.
    /// - Returns: `nil` when nothing is worth writing.
    package func update(of object: JSONValue) -> StatusUpdate? {
        if case .unselected(let reason) = standing {
            return Selection.update(unselected: reason, object, at: now)
        }
        return StatusUpdate([ready, Selection.selected], members, of: object, at: now, warnings: warnings)
    }

    private var ready: Condition {
        switch standing {
        case .unselected(let reason): Condition(.ready, .no, "NotSelected", reason)
        case .refused(let error):
            Condition(.ready, .no, "Invalid", "\(error.message); an entry that was made before stays")
        case .masked(let name):
            Condition(.ready, .no, "Masked", "\(name) is older and means the same entry: delete one of the two")
        case .failed(let reason): Condition(.ready, .no, "ServerRefused", "the server refuses it: \(reason)")
        case .set: Condition(.ready, .yes, "EntrySet", "the entry is there")
        }
    }

    private var members: JSONObject {
        ["rendered": .bool(isRendered), "masked": .bool(isMasked), "set": .bool(standing == .set)]
    }

    private var isRendered: Bool {
        if case .refused = standing { false } else { true }
    }

    private var isMasked: Bool {
        if case .masked = standing { true } else { false }
    }
}
