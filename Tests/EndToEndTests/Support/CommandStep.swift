// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Testing

/// One command of a session with a running server and agent, and what it must answer.
struct CommandStep: Sendable {
    /// `spire-server`, `spire-agent` or `comity`.
    let program: String
    /// The words that name the command.
    let words: String
    let flags: String
    let exitCode: Int32
    /// Patterns that the whole of each stream matches.
    let output: String
    let errors: String
    /// Under which name the first group of `output` is kept; `{name}` stands for it in the steps that follow.
    let keeps: String?

    static func server(
        _ words: String, _ flags: String = "", exits code: Int32 = 0, _ output: String = "", errors: String = "",
        keeps: String? = nil
    ) -> CommandStep {
        CommandStep(
            program: "spire-server", words: words, flags: flags, exitCode: code, output: output, errors: errors,
            keeps: keeps)
    }

    static func agent(
        _ words: String, _ flags: String = "", exits code: Int32 = 0, _ output: String = "", errors: String = "",
        keeps: String? = nil
    ) -> CommandStep {
        CommandStep(
            program: "spire-agent", words: words, flags: flags, exitCode: code, output: output, errors: errors,
            keeps: keeps)
    }

    static func inspect(_ what: String, _ flags: String, exits code: Int32, _ output: String) -> CommandStep {
        CommandStep(
            program: "comity", words: "inspect \(what)", flags: flags, exitCode: code, output: output, errors: "",
            keeps: nil)
    }

    /// Runs the command and compares.
    ///
    /// - Parameter kept: What earlier steps kept.
    func run(in domain: Deployment, _ kept: inout [String: String]) async throws {
        var flags = flags
        var output = output
        for (name, value) in kept {
            flags = flags.replacing("{\(name)}", with: value)
            output = output.replacing("{\(name)}", with: value)
        }
        let socket =
            switch program {
            case "spire-server": ["-socketPath", domain.serverSocket]
            case "spire-agent": ["-socketPath", domain.agentSocket]
            default: [String]()
            }
        // Sockets stand between, so that arguments without a flag stay last.
        let arguments =
            words.split(separator: " ").map(String.init) + socket + flags.split(separator: " ").map(String.init)
        let result = try await domain.command(program, arguments)

        let command = "\(program) \(words) \(flags)"
        #expect(result.exitCode == exitCode, "\(command)\n\(result.errors)")
        let match = try Regex(output).dotMatchesNewlines().wholeMatch(in: result.output)
        #expect(match != nil, "\(command) printed:\n\(result.output)")
        #expect(
            try Regex(errors).dotMatchesNewlines().wholeMatch(in: result.errors) != nil,
            "\(command) complained:\n\(result.errors)")
        if let keeps {
            let group = try #require(match.flatMap { $0.count > 1 ? $0[1].substring : nil }, "\(command) keeps nothing")
            kept[keeps] = String(group)
        }
    }
}
