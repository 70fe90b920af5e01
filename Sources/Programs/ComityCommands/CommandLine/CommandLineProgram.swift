// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityConfiguration
import SPIFFE

/// Finds the command that was typed, reads its flags and runs it.
package enum CommandLineProgram {
    /// The names under which the executable is one of its programs.
    private static let programs: [String: any ParsableCommand.Type] = [
        "spire-server": ServerCommand.self, "spire-agent": AgentCommand.self,
        "spire-controller-manager": ControllerCommand.self,
    ]

    /// - Parameter arguments: With the name that the executable was called by at the front.
    /// - Returns: The exit code.
    @concurrent package static func run(_ arguments: [String]) async -> Int32 {
        let called = arguments.first?.split(separator: "/").last.map(String.init) ?? "comity"
        let program = programs[called]
        let path = CommandPath(
            Array(arguments.dropFirst()), of: program ?? ComityCommand.self, called: program == nil ? "comity" : called)
        return await run(path, voice: CommandVoice(words: path.words))
    }

    private static func run(_ path: CommandPath, voice: CommandVoice) async -> Int32 {
        switch path.end {
        case .version:
            Console.out("\(ComityVersion.current)\n")
            return 0
        case .help:
            Console.out(CommandList.text(of: path))
            return 0
        case .missing:
            Console.error(CommandList.text(of: path))
            return voice.unknownCommandCode
        case .unknown(let word):
            let hint =
                Suggestion.nearest(to: word, among: path.commands.map { $0.name }).map { "; did you mean \($0)?" } ?? ""
            Console.error("\(path.words.joined(separator: " ")) has no command \(word.quoted)\(hint)\n\n")
            Console.error(CommandList.text(of: path))
            return voice.unknownCommandCode
        case .command(let type, let arguments):
            return await run(type, arguments, words: path.words, voice: voice)
        }
    }

    private static func run(
        _ type: any ParsableCommand.Type, _ arguments: [String], words: [String], voice: CommandVoice
    ) async -> Int32 {
        var command: any ParsableCommand
        do {
            let flags = DeclaredFlags(of: type)
            switch try FlagReader(flags).read(arguments) {
            case .help:
                Console.out(CommandUsage.help(for: type, called: words))
                return 0
            case .arguments(let arguments): command = try flags.parse(arguments, as: type)
            }
        } catch {
            Console.error("\((error as? CommandError)?.message ?? type.message(for: error))\n")
            if let cure = CommandCure.of(error, asking: voice.program) { Console.hint(cure) }
            Console.error(CommandUsage.line(for: type, called: words))
            return voice.usageCode
        }
        do {
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return 0
        } catch let code as ExitCode {
            return code.rawValue
        } catch let faults as ConfigurationFaults {
            // They say by themselves what they are, and where.
            Console.error("\(faults)\n")
            return 1
        } catch {
            Console.error("\(voice.errorPrefix)\(CommandError.text(of: error))\n")
            if let cure = CommandCure.of(error, asking: voice.program) { Console.hint(cure) }
            let isUsage = [.input, .file].contains((error as? CommandError)?.code)
            return isUsage ? voice.usageCode : 1
        }
    }
}
