// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where measured processes come from and where their data goes.
struct Bench: Sendable {
    let executable: String
    let scratch: String

    /// Makes a trust domain in a folder of its own. Nothing runs yet.
    func makeDomain(_ name: String) throws -> Domain {
        let folder = "\(scratch)/\(name)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return try Domain(executable: executable, folder: folder)
    }

    /// Runs a server for as long as `body` runs.
    func withServer<Result>(
        _ name: String, _ body: (Domain, MeasuredProcess) async throws -> Result
    ) async throws -> Result {
        let domain = try makeDomain(name)
        return try await ending(try domain.startServer()) { server in
            try await AdminClient.with(domain) { try await $0.awaitServer() }
            return try await body(domain, server)
        }
    }

    /// Runs a server, an agent, and one entry that applies to this process.
    func withAgent<Result>(
        _ name: String, _ body: (Domain, _ server: MeasuredProcess, _ agent: MeasuredProcess) async throws -> Result
    ) async throws -> Result {
        try await withServer(name) { domain, server in
            let token = try await AdminClient.with(domain) { admin in
                try await admin.createEntry(.forThisProcess)
                return try await admin.createJoinToken(alias: "/node")
            }
            return try await ending(try domain.startAgent(joinToken: token)) { agent in
                try await WorkloadClient.with(domain) { try await $0.awaitIdentity() }
                return try await body(domain, server, agent)
            }
        }
    }

    /// Ends the process when `body` has ended.
    func ending<Result>(
        _ process: MeasuredProcess, _ body: (MeasuredProcess) async throws -> Result
    ) async throws -> Result {
        do {
            let result = try await body(process)
            try process.checkRunning()
            await process.stop()
            return result
        } catch {
            await process.stop()
            throw error
        }
    }
}
