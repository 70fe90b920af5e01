// SPDX-License-Identifier: Apache-2.0

/// How a program speaks of failure: as SPIRE's where there is one, else by the usual codes.
struct CommandVoice: Hashable, Sendable {
    /// When there is no such command.
    var unknownCommandCode: Int32
    /// When the flags cannot be read.
    var usageCode: Int32
    var errorPrefix: String

    private static let usage: Int32 = 64

    /// - Parameter words: The way to the command, the program's name first.
    init(words: [String]) {
        let program = words[0] == "comity" ? words.dropFirst().first ?? "comity" : words[0]
        switch program {
        case "server", "spire-server": (unknownCommandCode, usageCode, errorPrefix) = (127, 1, "Error: ")
        case "agent", "spire-agent": (unknownCommandCode, usageCode, errorPrefix) = (127, 1, "")
        default: (unknownCommandCode, usageCode, errorPrefix) = (Self.usage, Self.usage, "comity: error: ")
        }
    }
}
