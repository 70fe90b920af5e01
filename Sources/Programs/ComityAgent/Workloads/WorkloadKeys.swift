// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import Dispatch

/// Makes the private keys of workloads, a new one for each SVID.
struct WorkloadKeys: Sendable {
    let type: KeyType

    // An RSA key takes the better part of a second, which the threads of Swift's tasks must not spend.
    private let queue = DispatchQueue(label: "comity.agent.keys")

    init(type: KeyType) {
        self.type = type
    }

    func make(_ count: Int) async throws -> [SigningKey] {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(
                    with: Result { try (0..<count).map { _ in try SigningKey(generating: type, id: "workload") } })
            }
        }
    }
}
