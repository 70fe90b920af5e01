// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SPIFFE
import SwiftProtobuf
import WorkloadAPIProtos

// The messages of the Workload API with all their fields, set or not.

extension Workload_X509SVIDResponse {
    var json: JSONValue {
        .message([
            "svids": .list(svids) {
                .message([
                    "spiffe_id": .string($0.spiffeID), "x509_svid": .bytes($0.x509Svid),
                    "x509_svid_key": .bytes($0.x509SvidKey), "bundle": .bytes($0.bundle), "hint": .string($0.hint),
                ])
            },
            "crl": .list(crl, JSONValue.bytes),
            "federated_bundles": .bundles(federatedBundles),
        ])
    }
}

extension Workload_JWTSVIDResponse {
    var json: JSONValue {
        .message([
            "svids": .list(svids) {
                .message(["spiffe_id": .string($0.spiffeID), "svid": .string($0.svid), "hint": .string($0.hint)])
            }
        ])
    }
}

extension Workload_JWTBundlesResponse {
    var json: JSONValue {
        .message(["bundles": .bundles(bundles)])
    }
}

extension Workload_ValidateJWTSVIDResponse {
    var json: JSONValue {
        .message(["spiffe_id": .string(spiffeID), "claims": hasClaims ? claims.json : nil])
    }
}

extension Google_Protobuf_Struct {
    /// The members in the order of their names; whole numbers without a fraction, as Go writes them.
    var json: JSONValue {
        var object = JSONObject()
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) { object[name] = value.json }
        return .object(object)
    }
}

extension Google_Protobuf_Value {
    fileprivate var json: JSONValue {
        switch kind {
        case nil, .nullValue: .null
        case .numberValue(let number): JSONNumber(number).map(JSONValue.number) ?? .null
        case .stringValue(let text): .string(text)
        case .boolValue(let value): .bool(value)
        case .structValue(let members): members.json
        case .listValue(let list): .array(list.values.map(\.json))
        }
    }
}

extension JSONValue {
    fileprivate static func bundles(_ bundles: [String: Data]) -> JSONValue {
        var object = JSONObject()
        for (id, bytes) in bundles { object[id] = .bytes(bytes) }
        return .object(object)
    }
}
