// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The steps of the demonstration, in order.
struct DemoPlay: Sendable {
    /// How many calls a second go on while the keys change.
    static let callsPerSecond = 50

    let executable: String
    let folder: DemoFolder
    let narrator: Narrator
    let board: ReportBoard
    let processes: RunningProcesses
    let launcher: AsyncStream<Launch>.Continuation
    let comity: CommandLineTool

    /// Has the workload that is called.
    let alpha: DemoDomain
    /// Has the workload that calls.
    let beta: DemoDomain

    init(
        executable: String, folder: DemoFolder, narrator: Narrator, board: ReportBoard, processes: RunningProcesses,
        launcher: AsyncStream<Launch>.Continuation
    ) throws {
        self.executable = executable
        self.folder = folder
        self.narrator = narrator
        self.board = board
        self.processes = processes
        self.launcher = launcher
        comity = CommandLineTool(executable: executable)
        let ports = try FreePorts.find(4)
        alpha = DemoDomain(
            name: "alpha.test", folder: folder.path + "/alpha", workload: "backend", serverPort: ports[0],
            bundlePort: ports[1])
        beta = DemoDomain(
            name: "beta.test", folder: folder.path + "/beta", workload: "frontend", serverPort: ports[2],
            bundlePort: ports[3])
    }

    var domains: [DemoDomain] { [alpha, beta] }

    func partner(of domain: DemoDomain) -> DemoDomain { domain == alpha ? beta : alpha }

    /// - Returns: Whether everything was shown.
    func run() async throws -> Bool {
        var report = DemoReport()
        try await startServers()
        try await federate()
        try await startAgents()
        let port = try await startBackend()
        try await callOnce(port: port)
        report.refusals = [try await callWithWrongIdentity(port: port), try await callWithWrongAudience(port: port)]
        try await startTraffic(port: port)
        report.times = try await rotate()
        try await finish(&report)
        return report.faults.isEmpty
    }

    private func finish(_ report: inout DemoReport) async throws {
        let reports = await board.reports
        guard let backend = reports[alpha.workload], let frontend = reports[beta.workload] else {
            throw DemoError(.proof, "the workloads sent no report")
        }
        report.domains = [
            .init(name: alpha.name, report: frontend), .init(name: beta.name, report: backend),
        ]
        report.calls = frontend.calls
        report.failed = frontend.failed + backend.failed
        report.firstFailure = frontend.failure.isEmpty ? backend.failure : frontend.failure
        report.times.append(.init(step: "whole demonstration", duration: narrator.elapsed))
        narrator.chapter("What was shown")
        narrator.write(report.table)
        for fault in report.faults { narrator.write("  NOT SHOWN: \(fault)\n") }
        if report.faults.isEmpty {
            narrator.write("\n  All authorities of both trust domains changed, and no call failed.\n")
        }
    }

    /// Runs a command that the reader may repeat.
    ///
    /// - Parameter file: Where the reader's shell would put the output.
    func shown(_ arguments: String..., into file: String? = nil) async throws -> String {
        narrator.show("comity " + arguments.joined(separator: " ") + (file.map { " > \($0)" } ?? ""))
        return try await comity.run(arguments)
    }
}
