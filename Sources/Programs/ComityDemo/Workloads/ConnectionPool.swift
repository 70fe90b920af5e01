// SPDX-License-Identifier: Apache-2.0

import SPIFFEWorkloadAPI

/// Lends connections, none of them for longer than a second, so that handshakes go on with the newest identities.
actor ConnectionPool {
    private static let lifetime = Duration.seconds(1)

    private let port: Int
    private let tls: WorkloadTLS
    private var idle: [HTTPConnection] = []

    init(port: Int, tls: WorkloadTLS) {
        self.port = port
        self.tls = tls
    }

    /// A connection given back counts as good unless `work` throws.
    nonisolated func withConnection<Result: Sendable>(
        _ work: (HTTPConnection) async throws -> Result
    ) async throws -> Result {
        let connection: HTTPConnection
        if let idle = await takeIdle() {
            connection = idle
        } else {
            connection = try await HTTPConnection.open(port: port, tls: tls)
        }
        do {
            let result = try await work(connection)
            await giveBack(connection)
            return result
        } catch {
            connection.close()
            throw error
        }
    }

    private func takeIdle() -> HTTPConnection? {
        while let connection = idle.popLast() {
            if .now - connection.opened < Self.lifetime { return connection }
            connection.close()
        }
        return nil
    }

    private func giveBack(_ connection: HTTPConnection) {
        if .now - connection.opened < Self.lifetime {
            idle.append(connection)
        } else {
            connection.close()
        }
    }
}
