// SPDX-License-Identifier: Apache-2.0

import ComityStorage
import ComityTesting
import Logging
import SPIFFE

/// An empty database of the shared server.
struct PostgresFixture: Sendable {
    let server: PostgresServer
    let database: String

    init(server: PostgresServer? = nil) async throws {
        if let server { self.server = server } else { self.server = try await .shared }
        database = try await self.server.makeDatabase()
    }

    var settings: PostgresSettings {
        PostgresSettings(connectionString: server.connectionString(database))
    }

    /// Opens the store as one more server does.
    func open(
        _ trustDomain: String = "example.org", settings: PostgresSettings? = nil,
        pollInterval: Duration = .seconds(3600)
    ) async throws -> SQLStore {
        var timing = StorageTiming.system
        timing.pollInterval = pollInterval
        return try await SQLStore(
            postgres: settings ?? self.settings, trustDomain: TrustDomain(trustDomain), timing: timing,
            logger: RecordedLog().logger())
    }

    @discardableResult
    func run(_ sql: String) async throws -> String {
        try await server.run(sql, in: database)
    }
}
