// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What SPIRE offers, by name, as `Names.txt` beside this file lists it.
struct CompatibilityNames {
    struct Command: Sendable {
        /// The program first.
        var words: [String]
        var flags: [String]
    }

    struct Service: Sendable {
        /// Where it is served: `server`, `agent` or `admin`.
        var socket: String
        var name: String
        var methods: [String]
    }

    /// A key, or a plugin, or an option of a plugin.
    struct Setting: Sendable {
        enum Kind: String {
            case key, plugin, option
        }

        var kind: Kind
        var program: String
        /// A path of keys; or type and name of a plugin, and an option.
        var path: [String]
        /// The configuration that makes use of it; `-` when every one does, nil for an option whose plugin is refused.
        var text: String?
    }

    struct Unreadable: Error {
        var line: String
    }

    private(set) var services: [Service] = []
    private(set) var commands: [Command] = []
    private(set) var settings: [Setting] = []

    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Names.txt")
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") where !line.hasPrefix("#") {
            guard let colon = line.firstRange(of: ": ") ?? line.range(of: ":", options: [.backwards]) else {
                throw Unreadable(line: String(line))
            }
            let head = line[..<colon.lowerBound].split(separator: " ").map(String.init)
            let tail = String(line[colon.upperBound...])
            let words = tail.split(separator: " ").map(String.init)
            switch head.first {
            case "rpc" where head.count == 3:
                services.append(Service(socket: head[1], name: head[2], methods: words))
            case "command": commands.append(Command(words: Array(head.dropFirst()), flags: words))
            case "options" where head.count == 4:
                settings += words.map {
                    Setting(kind: .option, program: head[1], path: Array(head[2...]) + [$0], text: nil)
                }
            case let kind? where Setting.Kind(rawValue: kind) != nil && head.count > 2:
                settings.append(
                    Setting(
                        kind: Setting.Kind(rawValue: kind) ?? .key, program: head[1], path: Array(head[2...]),
                        text: tail))
            default: throw Unreadable(line: String(line))
            }
        }
    }
}
