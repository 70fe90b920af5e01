// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SPIFFE
import SPIFFEWorkloadAPI
import Synchronization
import Testing

/// Workloads of two trust domains that verify each other anew whenever an agent tells one of them anything.
final class MutualVerification: Sendable {
    let one: X509Source
    let two: X509Source
    private let outcomes = Mutex<(passed: Int, failures: [String])>((0, []))

    init(_ one: Deployment, _ two: Deployment) throws {
        self.one = X509Source(client: try one.workload)
        self.two = X509Source(client: try two.workload)
    }

    var passed: Int { outcomes.withLock { $0.passed } }
    var failures: [String] { outcomes.withLock { $0.failures } }

    /// Verifies while the body runs.
    func during(_ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for source in [one, two] {
                group.addTask { try await source.run() }
                group.addTask { for try await _ in source.updates { self.verify() } }
            }
            try await body()
            group.cancelAll()
        }
    }

    private func verify() {
        let sides = [(one, two), (two, one)]
        guard sides.allSatisfy({ $0.0.bundles.trustDomains.count == 2 }) else { return }
        for (presenting, verifying) in sides {
            let outcome = Swift.Result {
                try UnverifiedX509SVID(certificates: presenting.credential.certificates)
                    .verified(by: verifying.bundles, at: .now)
            }
            outcomes.withLock { outcomes in
                switch outcome {
                case .success: outcomes.passed += 1
                case .failure(let error): outcomes.failures.append("\(error)")
                }
            }
        }
    }
}

extension X509Source {
    /// Waits for what the agent says.
    func context(where isWanted: (X509Context) -> Bool) async throws -> X509Context {
        for try await context in updates where isWanted(context) { return context }
        throw CancellationError()
    }
}
