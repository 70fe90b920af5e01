// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import ComityTransport
import Foundation
import GRPCCore
import GRPCProtobuf
import SwiftProtobuf

/// Asks the programs of a deployment what they offer.
struct CompatibilityProbe {
    let domain: Deployment

    // MARK: - RPCs

    /// Whether a method is there: everything but `Unimplemented` is an answer.
    func offers(_ method: String, of service: String, at socket: String) async throws -> Bool {
        let descriptor = MethodDescriptor(fullyQualifiedService: service, method: method)
        return try await GRPCConnector.unix(path: socket).withClient { client in
            try await client.bidirectionalStreaming(
                request: StreamingClientRequest<Google_Protobuf_Empty>(metadata: ["workload.spiffe.io": "true"]) {
                    try await $0.write(Google_Protobuf_Empty())
                },
                descriptor: descriptor, serializer: ProtobufSerializer<Google_Protobuf_Empty>(),
                deserializer: ProtobufDeserializer<Google_Protobuf_Empty>(), options: .defaults
            ) { response in
                do {
                    // The first message will do; what follows on a stream does not matter.
                    _ = try await response.messages.first { _ in true }
                    return true
                } catch let error as RPCError {
                    return error.code != .unimplemented
                }
            }
        }
    }

    // MARK: - Commands

    /// The flags of every command that a program lists in its help, by all its words.
    func commands(of program: String) async throws -> [[String]: Set<String>] {
        var found: [[String]: Set<String>] = [:]
        var open = [[program]]
        while let words = open.popLast() {
            let help = try await domain.command(program, words.dropFirst() + ["-h"]).check().output
            guard let list = help.split(separator: "Available commands are:\n").dropFirst().first else {
                found[words] = Self.flags(in: help)
                continue
            }
            open += list.split(separator: "\n").filter { $0.hasPrefix("    ") }.compactMap {
                $0.split(separator: " ").first.map { words + [String($0)] }
            }
        }
        return found
    }

    private static func flags(in help: String) -> Set<String> {
        let flags = help.split(separator: "\n").filter { $0.hasPrefix("  -") }.compactMap {
            // A flag that can be true, false or neither is shown with its opposite.
            $0.split(separator: " ").first?.split(separator: "/").first.map(String.init)
        }
        return Set(flags).subtracting(["-h,"])
    }

    // MARK: - Configuration

    /// What `validate` says of a configuration that uses a setting.
    func answer(to setting: CompatibilityNames.Setting) async throws -> CompatibilityTable.Answer {
        guard setting.text != "-" else { return .accepted }
        let example = CompatibilityExample(program: setting.program)
        let program = "spire-\(setting.program)"
        let path = domain.folder.path("example.conf")
        try example.text(using: setting).write(toFile: path, atomically: true, encoding: .utf8)
        let result = try await domain.command(program, ["validate", "-config", path])
        let said = result.output + result.errors
        if result.exitCode == 0 {
            if said.contains("unknown configuration") { return .refused }
            return said.contains("no effect") ? .withoutEffect : .accepted
        }
        guard ["not supported", "unknown", "is no ", "cannot be loaded"].contains(where: said.contains) else {
            throw BadExample(setting: "\(setting)", said: said)
        }
        return .refused
    }

    /// The example itself is wrong, so that nothing can be said.
    struct BadExample: Error {
        var setting: String
        var said: String
    }
}
