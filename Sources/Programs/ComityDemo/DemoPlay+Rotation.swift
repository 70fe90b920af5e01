// SPDX-License-Identifier: Apache-2.0

// New authorities for both trust domains, while the calls go on.
extension DemoPlay {
    private static let rotationPatience = Duration.seconds(40)

    func rotate() async throws -> [DemoReport.Time] {
        narrator.chapter("Both domains prepare new X.509 and JWT authorities")
        let clock = ContinuousClock()
        let start = clock.now
        var prepared: [WorkloadReport.Authority] = []
        for domain in domains {
            for kind in AuthorityKind.allCases { prepared.append(try await prepare(kind, of: domain)) }
        }
        narrator.chapter("Each partner fetches the other's bundle; the workloads see the new keys")
        for domain in domains {
            _ = try await shown(
                "server", "federation", "refresh", "-id", domain.id, "-socketPath",
                partner(of: domain).serverSocket)
        }
        try await wait(for: prepared, "to be seen by the partner's workload") { $0.seen.contains($1) }
        let published = clock.now
        narrator.tell("every new key is known to the other side before anything is signed by it")

        narrator.chapter("The new authorities are activated")
        for authority in prepared { try await activate(authority) }
        let activated = clock.now
        try await wait(for: prepared, "to authenticate calls") { $0.used[$1] != nil }
        narrator.tell("calls are authenticated by all four new authorities")
        return [
            .init(step: "prepared and seen by the partners' workloads", duration: published - start),
            .init(step: "activated", duration: activated - published),
            .init(step: "first calls under all new keys", duration: clock.now - activated),
        ]
    }

    private func prepare(_ kind: AuthorityKind, of domain: DemoDomain) async throws -> WorkloadReport.Authority {
        let output = try await shown(
            "server", "localauthority", kind.rawValue, "prepare", "-socketPath", domain.serverSocket)
        let label = "Authority ID: "
        guard let line = output.split(separator: "\n").first(where: { $0.contains(label) }),
            let range = line.firstRange(of: label)
        else {
            throw DemoError(.command, "localauthority \(kind.rawValue) prepare printed no authority ID")
        }
        return WorkloadReport.Authority(
            trustDomain: domain.name, kind: kind, id: String(line[range.upperBound...]))
    }

    private func activate(_ authority: WorkloadReport.Authority) async throws {
        guard let domain = domains.first(where: { $0.name == authority.trustDomain }) else { return }
        _ = try await shown(
            "server", "localauthority", authority.kind.rawValue, "activate", "-authorityID", authority.id,
            "-socketPath", domain.serverSocket)
    }

    /// Waits until each authority was met by the workload of the other trust domain.
    private func wait(
        for authorities: [WorkloadReport.Authority], _ what: String,
        _ isMet: @escaping @Sendable (WorkloadReport, WorkloadReport.Authority) -> Bool
    ) async throws {
        let workloads = Dictionary(
            uniqueKeysWithValues: domains.map { ($0.name, partner(of: $0).workload) })
        for authority in authorities {
            guard let workload = workloads[authority.trustDomain] else { continue }
            let name = "\(authority.kind.rawValue) authority \(authority.id) of \(authority.trustDomain)"
            try await board.wait(for: "\(name) \(what)", patience: Self.rotationPatience) { reports in
                reports[workload].map { isMet($0, authority) } ?? false
            }
        }
    }
}
