// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import Testing

/// Servers of one trust domain as processes on one PostgreSQL database.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ManyServersTests {
    @Test func oneIsKilledAndOneJoinsAndTheAgentGoesOn() async throws {
        let postgres = try await PostgresServer.shared
        let database = try await postgres.makeDatabase()
        let string = postgres.connectionString(database, overTCP: true)
        let (one, two, three) = (try server(string), try server(string), try server(string))

        // At the same instant, on an empty database.
        async let starting = (one.startServer(), two.startServer(), three.startServer())
        let (first, second, third) = try await starting
        defer { withExtendedLifetime((first, second, third)) {} }
        for deployment in [one, two, three] { try await deployment.carries(authorities: 3) }

        // What is made at one is served by another.
        try one.writeAgentConfiguration()
        let agent = try await one.startAgent()
        defer { withExtendedLifetime(agent) {} }
        try await three.createEntry("/web")
        _ = try await one.fetchFiles(with: "spiffe://one.test/web")

        await first.stop(SIGKILL)
        _ = try await one.fetchFiles(with: "spiffe://one.test/web")
        let four = try server(string)
        let fourth = try await four.startServer()
        defer { withExtendedLifetime(fourth) {} }
        for deployment in [two, three, four] { try await deployment.carries(authorities: 4) }

        // Another server that the agent knows the authority of takes over the address.
        await second.stop()
        try two.writeServerConfiguration(postgres: string, port: one.ports.server)
        let takingOver = try await two.startServer(log: "server-2.log")
        defer { withExtendedLifetime(takingOver) {} }
        try await four.createEntry("/late")
        _ = try await one.fetchFiles(with: "spiffe://one.test/web", "spiffe://one.test/late")
        for program in [first, second, third, fourth, takingOver] {
            #expect(!program.log.contains(PostgresServer.password))
        }
    }

    @Test func theDatabaseIsAwayForAWhile() async throws {
        let postgres = try await PostgresServer()
        let string = postgres.connectionString(try await postgres.makeDatabase())
        let (one, two) = (try server(string), try server(string))
        async let starting = (one.startServer(), two.startServer())
        let (first, second) = try await starting
        defer { withExtendedLifetime((first, second)) {} }
        try one.writeAgentConfiguration()
        let agent = try await one.startAgent()
        defer { withExtendedLifetime(agent) {} }
        try await one.createEntry("/web")
        _ = try await one.fetchFiles(with: "spiffe://one.test/web")

        try await postgres.stop()
        let refused = try await one.server("entry", "show")
        #expect(refused.exitCode == 1)
        #expect(refused.errors.contains("Unavailable") && refused.errors.contains("does not serve now"))
        _ = try await one.fetchFiles(with: "spiffe://one.test/web")
        #expect(first.isRunning && second.isRunning)
        try await first.line("Failed to follow changes of other servers")

        try await postgres.start()
        try await eventually("the first server writes again") {
            try await one.server("token", "generate").exitCode == 0 ? true : nil
        }
        try await two.createEntry("/after")
        _ = try await one.fetchFiles(with: "spiffe://one.test/after")
        withExtendedLifetime(postgres) {}
    }

    private func server(_ connectionString: String) throws -> Deployment {
        let deployment = try Deployment("one.test")
        try deployment.writeServerConfiguration(postgres: connectionString)
        return deployment
    }
}

extension Deployment {
    /// Waits until the bundle that the server serves has so many authorities of each kind.
    fileprivate func carries(authorities count: Int) async throws {
        var last = ""
        try await eventually("the bundle has \(count) authorities of each kind", or: { last }) {
            last = try await server("bundle", "show", "-format", "spiffe").check().output
            let keys = try BundleDocumentText(last).keys
            let counts = ["x509-svid", "jwt-svid"].map { use in keys.count { $0["use"] == use } }
            return counts == [count, count] ? true : nil
        }
    }
}
