// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// Measures what Comity costs and prints it. `Scripts/bench` builds and calls it.
@main
struct BenchmarkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "Benchmarks", abstract: "Measures what Comity costs in CPU time and memory.")

    /// A whole run takes about five minutes.
    private static let timeLimit = Duration.seconds(1200)

    @Flag(help: "Print JSON instead of a table.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Measure only this area; may be repeated. One of \(Area.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "area"))
    var only: [Area] = []

    @Option(help: "The comity executable to measure.")
    var comity: String

    @Option(help: "An empty folder with a short path, for data and logs of the measured processes.")
    var scratch: String

    func run() async throws {
        OpenFiles.raiseLimit()
        try await Interruption.guarding(atMost: Self.timeLimit) {
            var report = Report()
            let bench = Bench(executable: comity, scratch: scratch)
            for area in Area.allCases where only.isEmpty || only.contains(area) {
                log("measuring \(area.rawValue)")
                report.measurements += try await area.measure(bench)
            }
            print(json ? try report.json() : report.table())
        }
    }
}
