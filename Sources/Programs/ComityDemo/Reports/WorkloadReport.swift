// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// What a workload of the demonstration knows; each report is complete.
struct WorkloadReport: Hashable, Sendable {
    /// One authority of one trust domain.
    struct Authority: Hashable, Sendable {
        var trustDomain: String
        var kind: AuthorityKind
        var id: String
    }

    /// The port that it serves on; 0 for a client.
    var port = 0
    var calls = 0
    var failed = 0
    /// The first failure in words.
    var failure = ""
    /// Connections whose handshake failed.
    var failedHandshakes = 0
    /// Authorities that its Workload API streams have shown so far.
    var seen: Set<Authority> = []
    /// By which authorities its peer was authenticated, and in how many calls that succeeded.
    var used: [Authority: Int] = [:]

    func ids(_ kind: AuthorityKind, of trustDomain: String, used onlyUsed: Bool) -> [String] {
        let all = onlyUsed ? Set(used.keys) : seen
        return all.filter { $0.kind == kind && $0.trustDomain == trustDomain }.map(\.id).sorted()
    }
}
