// SPDX-License-Identifier: Apache-2.0

import SPIFFE

extension WorkloadReport {
    private static let maximumSize = 1 << 20

    /// One line of JSON.
    var line: [UInt8] {
        let seen = seen.map { authority in JSONValue.object(authority.members) }
        let used = used.map { authority, count in
            var members = authority.members
            members["calls"] = .number(JSONNumber(count))
            return JSONValue.object(members)
        }
        let report: JSONValue = [
            "port": .number(JSONNumber(port)), "calls": .number(JSONNumber(calls)),
            "failed": .number(JSONNumber(failed)), "failure": .string(failure),
            "failed_handshakes": .number(JSONNumber(failedHandshakes)), "seen": .array(seen), "used": .array(used),
        ]
        return report.bytes()
    }

    /// - Returns: `nil` when the line is something else.
    init?(line: [UInt8]) {
        guard let report = try? JSONValue(parsing: line, maximumBytes: Self.maximumSize),
            let port = report.int("port"), let calls = report.int("calls"), let failed = report.int("failed"),
            let failure = report["failure"]?.string, let handshakes = report.int("failed_handshakes"),
            let seen = report["seen"]?.array, let used = report["used"]?.array
        else { return nil }
        self.init(port: port, calls: calls, failed: failed, failure: failure, failedHandshakes: handshakes)
        self.seen = Set(seen.compactMap { Authority($0) })
        for entry in used {
            guard let authority = Authority(entry), let calls = entry.int("calls") else { return nil }
            self.used[authority] = calls
        }
    }
}

extension WorkloadReport.Authority {
    fileprivate var members: JSONObject {
        ["trust_domain": .string(trustDomain), "kind": .string(kind.rawValue), "id": .string(id)]
    }

    fileprivate init?(_ value: JSONValue) {
        guard let trustDomain = value["trust_domain"]?.string, let id = value["id"]?.string,
            let kind = value["kind"]?.string.flatMap(AuthorityKind.init)
        else { return nil }
        self.init(trustDomain: trustDomain, kind: kind, id: id)
    }
}

extension JSONValue {
    fileprivate func int(_ name: String) -> Int? {
        self[name]?.number?.signed.map(Int.init)
    }
}
