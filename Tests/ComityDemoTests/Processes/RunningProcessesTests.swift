// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Testing

@testable import ComityDemo

@Suite(.timeLimit(.minutes(1))) struct RunningProcessesTests {
    private let board = ReportBoard()
    private let folder: TemporaryFolder
    private let processes: RunningProcesses

    init() throws {
        folder = try TemporaryFolder()
        processes = RunningProcesses(executable: "/bin/sh", board: board)
    }

    private func launch(_ script: String) -> Launch {
        Launch(name: "child", arguments: ["-c", script], log: folder.path("log"), reports: true)
    }

    private var ready: String {
        "echo '\(String(decoding: WorkloadReport(port: 1).line, as: UTF8.self))'"
    }

    @Test func stopsWhatTheProcessHasStartedToo() async throws {
        try await withThrowingTaskGroup { group in
            // The pipe stays open, and the task with it, until the grandchild is gone too.
            group.addTask { try await processes.run(launch("\(ready); sleep 1000 & wait")) }
            try await board.wait(for: "the child") { $0["child"]?.port == 1 }
            await processes.stop()
            try await group.waitForAll()
        }
    }

    @Test func tellsOfAnEndThatNobodyAskedFor() async throws {
        let error = await #expect(throws: DemoError.self) { try await processes.run(launch("exit 7")) }
        #expect(error?.code == .process)
        #expect(error?.message == "the child ended with exit code 7; its log is \(folder.path("log"))")
    }

    @Test func startsNothingAfterTheEnd() async throws {
        await processes.stop()
        try await processes.run(launch("exit 7"))
    }

    @Test func givesUpWaitingForAReport() async throws {
        await #expect(throws: DemoError(.deadline, "")) {
            try await board.wait(for: "nothing", patience: .milliseconds(10)) { _ in false }
        }
    }
}
