// SPDX-License-Identifier: Apache-2.0

/// Operations that several callers do at once, each one after the other.
struct Load: Sendable {
    var operations: Int
    var callers = 4

    /// What the processes spend on one operation, in milliseconds of CPU time each.
    ///
    /// - Parameter operation: Is given its number, which no other has.
    func cost(
        to processes: [MeasuredProcess], _ operation: @escaping @Sendable (Int) async throws -> Void
    ) async throws -> [Double] {
        try await perform(-operations / 10..<0, operation)
        let before = processes.map(\.clock.milliseconds)
        try await perform(0..<operations, operation)
        return zip(processes, before).map { ($0.clock.milliseconds - $1) / Double(operations) }
    }

    func cost(
        to process: MeasuredProcess, _ operation: @escaping @Sendable (Int) async throws -> Void
    ) async throws -> Double {
        try await cost(to: [process], operation)[0]
    }

    private func perform(
        _ numbers: Range<Int>, _ operation: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup { group in
            for caller in 0..<callers {
                group.addTask {
                    for number in stride(from: numbers.lowerBound + caller, to: numbers.upperBound, by: callers) {
                        try await operation(number)
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
