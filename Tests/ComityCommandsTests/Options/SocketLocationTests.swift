// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ComityCommands

@Suite struct SocketLocationTests {
    private static let both = [
        "SPIRE_SERVER_PRIVATE_SOCKET": "/env.sock", "SPIRE_SERVER_PRIVATE_SOCKET_TEMPLATE": "/run/%i/api.sock",
    ]

    @Test(arguments: [
        ("", "", [:], "/tmp/spire-server/private/api.sock"),
        ("", "", both, "/env.sock"),
        ("/flag.sock", "", both, "/flag.sock"),
        ("", "a", both, "/run/a/api.sock"),
        ("", "", ["SPIRE_SERVER_PRIVATE_SOCKET": ""], "/tmp/spire-server/private/api.sock"),
    ])
    func weighsFlagsAndEnvironment(
        _ path: String, _ instance: String, _ environment: [String: String], _ expected: String
    ) throws {
        let result = try SocketLocation.server.resolve(path: path, instance: instance, environment: environment)
        #expect(result == expected)
    }

    @Test(arguments: [("", "a", [:]), ("/flag.sock", "a", both)])
    func refusesAnInstanceWithoutATemplateOrBesideAPath(
        _ path: String, _ instance: String, _ environment: [String: String]
    ) {
        #expect(throws: CommandError(.input, "")) {
            try SocketLocation.server.resolve(path: path, instance: instance, environment: environment)
        }
    }
}
