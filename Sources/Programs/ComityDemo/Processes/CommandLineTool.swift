// SPDX-License-Identifier: Apache-2.0

/// The executable as an operator uses it: one command at a time, run to its end.
struct CommandLineTool: Sendable {
    struct Result: Sendable {
        var end: ChildProcess.End
        var output: String
        var errors: String
    }

    let executable: String

    /// - Returns: What the command wrote to its standard output.
    /// - Throws: ``DemoError`` with code `command` when it fails.
    func run(_ arguments: [String]) async throws -> String {
        let result = try await result(arguments)
        guard result.end == .exited(0) else {
            throw DemoError(
                .command, "comity \(arguments.joined(separator: " ")) ended with \(result.end): \(result.errors)")
        }
        return result.output
    }

    /// Runs a command that may fail.
    func result(_ arguments: [String]) async throws -> Result {
        let (output, errors) = (try OutputPipe(), try OutputPipe())
        let process = try ChildProcess.start(
            "command", executable, arguments, output: .descriptor(output.writeEnd),
            errors: .descriptor(errors.writeEnd))
        return try await withTaskCancellationHandler {
            async let outputText = output.readText()
            async let errorText = errors.readText()
            let texts = try await (outputText, errorText)
            return Result(end: try await process.end(), output: texts.0, errors: texts.1)
        } onCancel: {
            process.signal(9)
        }
    }
}
