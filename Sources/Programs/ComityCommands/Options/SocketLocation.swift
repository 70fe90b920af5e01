// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// Where the socket of a program is when flags and environment are weighed.
struct SocketLocation: Hashable, Sendable {
    /// The environment variable that replaces the standard path.
    var variable: String
    /// The environment variable with `%i` for the name of an instance.
    var templateVariable: String
    var standard: String

    static let server = SocketLocation(
        variable: "SPIRE_SERVER_PRIVATE_SOCKET", templateVariable: "SPIRE_SERVER_PRIVATE_SOCKET_TEMPLATE",
        standard: "/tmp/spire-server/private/api.sock")

    static let agent = SocketLocation(
        variable: "SPIRE_AGENT_PUBLIC_SOCKET", templateVariable: "SPIRE_AGENT_PUBLIC_SOCKET_TEMPLATE",
        standard: "/tmp/spire-agent/public/api.sock")

    /// - Parameters:
    ///   - path: From `-socketPath`; empty when it was not given.
    ///   - instance: From `-instance`; empty when it was not given.
    /// - Throws: ``CommandError`` with code `input`.
    func resolve(path: String, instance: String, environment: [String: String]) throws(CommandError) -> String {
        if !instance.isEmpty, !path.isEmpty {
            throw CommandError(.input, "-instance and -socketPath both choose a socket; give one of them")
        }
        if !path.isEmpty { return path }
        guard !instance.isEmpty else {
            return environment[variable].flatMap { $0.isEmpty ? nil : $0 } ?? standard
        }
        guard let template = environment[templateVariable], template.contains("%i") else {
            throw CommandError(
                .input, "-instance needs the environment variable \(templateVariable) with a path that has %i in it")
        }
        return template.split(separator: "%i", omittingEmptySubsequences: false).joined(separator: instance)
    }
}
