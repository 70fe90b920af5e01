// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The processes that run on behind the demonstration, and the end of them all.
actor RunningProcesses {
    /// How long a process may take to stop before it is killed.
    private static let patience = Duration.seconds(5)

    private let executable: String
    private let board: ReportBoard
    private var running: [ChildProcess] = []
    private var isStopping = false

    init(executable: String, board: ReportBoard) {
        self.executable = executable
        self.board = board
    }

    /// Starts a process and answers when it has been stopped.
    ///
    /// - Throws: ``DemoError`` with code `process` when it ends by itself.
    nonisolated func run(_ launch: Launch) async throws {
        let pipe = launch.reports ? try OutputPipe() : nil
        let output = pipe.map { ChildProcess.Output.descriptor($0.writeEnd) } ?? .file(launch.log)
        guard let process = try await start(launch, output: output) else { return }
        async let reports: Void? = pipe?.readReports(by: launch.name, board)
        let end = try await process.end()
        _ = try await reports
        guard await remove(process) else { return }
        throw DemoError(.process, "the \(launch.name) ended with \(end); its log is \(launch.log)")
    }

    /// Asks all to stop, last started first, and kills those that do not.
    func stop() async {
        isStopping = true
        for process in running.reversed() { process.signal(SIGTERM) }
        let clock = ContinuousClock()
        let deadline = clock.now + Self.patience
        while !running.isEmpty, clock.now < deadline {
            // Not to be cut short by the cancellation that may be why we are here; awaited at once.
            await Task.detached { try? await Task.sleep(for: .milliseconds(20)) }.value
        }
        for process in running { process.signal(SIGKILL) }
    }

    private func start(_ launch: Launch, output: ChildProcess.Output) throws -> ChildProcess? {
        guard !isStopping else { return nil }
        let process = try ChildProcess.start(
            launch.name, executable, launch.arguments, output: output, errors: .file(launch.log))
        running.append(process)
        return process
    }

    /// - Returns: Whether its end comes as a surprise.
    private func remove(_ process: ChildProcess) -> Bool {
        running.removeAll { $0.pid == process.pid }
        return !isStopping
    }
}

extension OutputPipe {
    fileprivate func readReports(by name: String, _ board: ReportBoard) async throws {
        let (lines, continuation) = AsyncStream<[UInt8]>.makeStream()
        async let reading: Void = {
            defer { continuation.finish() }
            try await readLines { continuation.yield($0) }
        }()
        for await line in lines {
            if let report = WorkloadReport(line: line) { await board.post(report, by: name) }
        }
        try await reading
    }
}
