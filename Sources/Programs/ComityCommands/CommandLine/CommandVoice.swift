// SPDX-License-Identifier: Apache-2.0

/// How a program speaks of failure: as SPIRE's where there is one, else by the usual codes.
struct CommandVoice: Hashable, Sendable {
    enum Program: Hashable, Sendable {
        case server, agent
        /// What only Comity has.
        case comity
    }

    private static let usage: Int32 = 64

    let program: Program
    /// Below a group of commands, rather than at the program itself.
    private let isInGroup: Bool

    /// - Parameter words: The way to the command, the program's name first.
    init(words: [String]) {
        let isProgramItself = words[0] != "comity"
        switch isProgramItself ? words[0] : words.dropFirst().first {
        case "server", "spire-server": program = .server
        case "agent", "spire-agent": program = .agent
        default: program = .comity
        }
        isInGroup = words.count > (isProgramItself ? 1 : 2)
    }

    /// When there is no such command. SPIRE's programs tell a missing command from a missing one of a group.
    var unknownCommandCode: Int32 {
        switch program {
        case .server, .agent: isInGroup ? 1 : 127
        case .comity: Self.usage
        }
    }

    /// When the flags cannot be read.
    var usageCode: Int32 {
        program == .comity ? Self.usage : 1
    }

    var errorPrefix: String {
        switch program {
        case .server: "Error: "
        case .agent: ""
        case .comity: "comity: error: "
        }
    }
}
