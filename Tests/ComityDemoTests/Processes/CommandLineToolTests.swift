// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ComityDemo

@Suite(.timeLimit(.minutes(1))) struct CommandLineToolTests {
    private let shell = CommandLineTool(executable: "/bin/sh")

    @Test func keepsOutputAndErrorsApart() async throws {
        let result = try await shell.result(["-c", "echo out; echo err >&2; exit 3"])
        #expect(result.end == .exited(3))
        #expect(result.output == "out\n")
        #expect(result.errors == "err\n")
    }

    @Test func tellsWhichCommandFailedAndWhy() async throws {
        let error = await #expect(throws: DemoError.self) { try await shell.run(["-c", "echo broken >&2; exit 1"]) }
        #expect(error?.code == .command)
        #expect(error?.message.contains("broken") == true)
    }

    @Test func tellsTheSignalThatEndedIt() async throws {
        #expect(try await shell.result(["-c", "kill -9 $$"]).end == .signalled(9))
    }

    @Test func readsMoreThanAPipeHolds() async throws {
        let result = try await shell.result(["-c", "head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2"])
        #expect(result.output.utf8.count == 300_000)
        #expect(result.errors.utf8.count == 300_000)
    }

    @Test func refusesAMissingProgram() async throws {
        let missing = CommandLineTool(executable: "/no/such/program")
        await #expect(throws: DemoError(.system, "")) { try await missing.run([]) }
    }
}
