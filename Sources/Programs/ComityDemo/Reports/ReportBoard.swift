// SPDX-License-Identifier: Apache-2.0

/// Has the newest report of each workload and wakes who waits for something to be in it.
actor ReportBoard {
    private typealias Condition = @Sendable ([String: WorkloadReport]) -> Bool

    private struct Waiter {
        let condition: Condition
        let continuation: CheckedContinuation<Void, Never>
    }

    private(set) var reports: [String: WorkloadReport] = [:]
    private var waiters: [UInt64: Waiter] = [:]
    private var nextWaiter: UInt64 = 0

    func post(_ report: WorkloadReport, by name: String) {
        reports[name] = report
        for (id, waiter) in waiters where waiter.condition(reports) { wake(id) }
    }

    /// Waits until the reports say so.
    ///
    /// - Throws: ``DemoError`` with code `deadline` after `patience`.
    nonisolated func wait(
        for what: String, patience: Duration = .seconds(30),
        _ condition: @escaping @Sendable ([String: WorkloadReport]) -> Bool
    ) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { await self.wait(condition) }
            group.addTask {
                try await Task.sleep(for: patience)
                throw DemoError(.deadline, "waited \(patience) in vain for \(what)")
            }
            defer { group.cancelAll() }
            try await group.next()
        }
        try Task.checkCancellation()
    }

    private func wait(_ condition: @escaping Condition) async {
        guard !condition(reports), !Task.isCancelled else { return }
        nextWaiter += 1
        let id = nextWaiter
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled {
                    continuation.resume()
                } else {
                    waiters[id] = Waiter(condition: condition, continuation: continuation)
                }
            }
        } onCancel: {
            // Ends with the wake-up, which the waiting task waits for.
            Task { await self.wake(id) }
        }
    }

    private func wake(_ id: UInt64) {
        waiters.removeValue(forKey: id)?.continuation.resume()
    }
}
