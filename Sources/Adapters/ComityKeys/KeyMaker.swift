// SPDX-License-Identifier: Apache-2.0

import Dispatch

/// Runs what takes long, one at a time, away from the threads that serve calls: an RSA key takes up to seconds, a
/// write to disk waits for the disk.
struct KeyMaker: Sendable {
    private let queue = DispatchQueue(label: "comity.keys")

    func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(with: Swift.Result { try work() })
            }
        }
    }
}
