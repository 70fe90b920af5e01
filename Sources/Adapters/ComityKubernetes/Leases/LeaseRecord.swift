// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SPIFFE

/// Who leads, as a Lease says it. Times are texts: they are compared, and never set against the clock here.
struct LeaseRecord: Hashable, Sendable {
    /// Empty when nobody leads.
    var holder = ""
    var durationSeconds: Int64 = 0
    var acquireTime = ""
    var renewTime = ""
    var transitions: Int64 = 0

    init() {}

    /// Reads the `spec` of a Lease.
    init(_ lease: JSONValue) {
        let spec = lease["spec"]
        holder = spec?["holderIdentity"]?.string ?? ""
        durationSeconds = spec?["leaseDurationSeconds"]?.number?.signed ?? 0
        acquireTime = spec?["acquireTime"]?.string ?? ""
        renewTime = spec?["renewTime"]?.string ?? ""
        transitions = spec?["leaseTransitions"]?.number?.signed ?? 0
    }

    /// The lease with this in its `spec`; what else it says stays.
    func written(to lease: JSONValue) -> JSONValue {
        var members = lease.object ?? JSONObject()
        var spec = members["spec"]?.object ?? JSONObject()
        spec["holderIdentity"] = .string(holder)
        spec["leaseDurationSeconds"] = .number(JSONNumber(durationSeconds))
        spec["acquireTime"] = acquireTime.isEmpty ? .none : .string(acquireTime)
        spec["renewTime"] = renewTime.isEmpty ? .none : .string(renewTime)
        spec["leaseTransitions"] = .number(JSONNumber(transitions))
        members["spec"] = .object(spec)
        return .object(members)
    }
}
