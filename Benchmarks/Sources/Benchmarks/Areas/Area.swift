// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// What is measured together, in the order of a whole run.
enum Area: String, CaseIterable, ExpressibleByArgument {
    case values, workload, server, bundle, start, memory, streams, entries, controller

    func measure(_ bench: Bench) async throws -> [Measurement] {
        switch self {
        case .values: try await ValueArea.measure()
        case .workload: try await WorkloadArea.measure(bench)
        case .server: try await ServerArea.measure(bench)
        case .bundle: try await BundleArea.measure(bench)
        case .start: try await StartArea.measure(bench)
        case .memory: try await MemoryArea.measure(bench)
        case .streams: try await StreamArea.measure(bench)
        case .entries: try await EntryArea.measure(bench)
        case .controller: try await ControllerArea.measure(bench)
        }
    }
}
