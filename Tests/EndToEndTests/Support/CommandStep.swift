// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Testing

/// One command of a session with a running server and agent, and what it must answer.
struct CommandStep: Sendable {
    /// By the name that it is called by.
    enum Program: String, Sendable {
        case server = "spire-server"
        case agent = "spire-agent"
        /// The agent by its admin socket.
        case agentAdmin
        case comity

        var executable: String { self == .agentAdmin ? Program.agent.rawValue : rawValue }
    }

    private let program: Program
    private let words: String
    private let flags: String
    private let exitCode: Int32
    private let output: String
    private let errors: String
    private let keeps: String?

    /// - Parameters:
    ///   - words: What names the command.
    ///   - output: A pattern that the whole of standard output matches; `errors` likewise.
    ///   - keeps: Under which name the first group of `output` is kept; `{name}` stands for it in the steps that follow.
    init(
        _ program: Program, _ words: String, _ flags: String = "", exits exitCode: Int32 = 0, _ output: String = "",
        errors: String = "", keeps: String? = nil
    ) {
        self.program = program
        self.words = words
        self.flags = flags
        self.exitCode = exitCode
        self.output = output
        self.errors = errors
        self.keeps = keeps
    }

    /// The command without its flags.
    var command: String { "\(program.executable) \(words)" }

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
            case .server: ["-socketPath", domain.serverSocket]
            case .agent: ["-socketPath", domain.agentSocket]
            case .agentAdmin: ["-socketPath", domain.agentAdminSocket]
            case .comity: [String]()
            }
        // Sockets stand between, so that arguments without a flag stay last.
        let arguments =
            words.split(separator: " ").map(String.init) + socket + flags.split(separator: " ").map(String.init)
        let result = try await domain.command(program.executable, arguments)

        let command = "\(command) \(flags)"
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
