// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityTesting
import Foundation
import Testing

/// Keys and certificates by the real `ssh-keygen`.
struct SSHKeyFixture {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    func path(_ name: String) -> String { folder.path(name) }

    func text(_ name: String) throws -> String {
        try String(contentsOfFile: path(name), encoding: .utf8).trimmingCharacters(in: .newlines)
    }

    /// - Parameter type: such as `-t rsa -b 3072`.
    func makeKey(_ name: String, _ type: String, _ more: String...) async throws {
        try await keygen(
            ["-q", "-N", "", "-f", path(name), "-C", name] + type.split(separator: " ").map(String.init) + more)
    }

    /// Makes `<key>-cert.pub`.
    func sign(_ key: String, by authority: String, principals: String = "host.example.org", _ more: String...)
        async throws
    {
        var arguments = ["-q", "-s", path(authority), "-I", "the host", "-z", "7"]
        if !more.contains("-U-user") { arguments.append("-h") }
        if !principals.isEmpty { arguments += ["-n", principals] }
        try await keygen(arguments + more.filter { $0 != "-U-user" } + [path(key) + ".pub"])
    }

    private func keygen(_ arguments: [String]) async throws {
        let result = try await ToolCommand.run("ssh-keygen", arguments)
        try #require(result.exitCode == 0, "\(result.errors)")
    }

    var agent: SSHPopAgentSettings { SSHPopAgentSettings(keyPath: path("host")) }
}
