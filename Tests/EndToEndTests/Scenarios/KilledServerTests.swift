// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import ComityTransport
import Foundation
import GRPCCore
import ServerAPIProtos
import SwiftASN1
import SwiftProtobuf
import Testing
import X509

/// A server that is killed while it rotates its authorities and writes entries and bundles.
@Suite(.serialized) struct KilledServerTests {
    private static let kills = 100
    /// Of how many kills the remains are looked at together.
    private static let batch = 20

    private struct Verdict: Decodable {
        var checked: Int
        var faults: [String]
    }

    private let domain: Deployment
    private let facts = KnownFacts()

    init() throws {
        domain = try Deployment("one.test")
        try domain.writeServerConfiguration(server: "ca_ttl = \"1m\"\nratelimit { signing = false }")
    }

    @Test(
        "killed at 100 random moments: one authority signs, what it signed is published, nothing confirmed is lost",
        .timeLimit(.minutes(5)))
    func losesNothing() async throws {
        let operators = try await operators()
        var random = SeededGenerator(seed: 20)
        var checked = 0
        // Whose next start has not come yet, and whose has.
        var (fresh, served): ([String], [String]) = ([], [])
        for kill in 0...Self.kills {
            let server = try domain.launchServer()
            // Some do not even live to serve.
            if kill % 4 == 3, kill < Self.kills {
                try await Task.sleep(for: .milliseconds(Int.random(in: 0..<250, using: &random)))
                await server.stop(SIGKILL)
            } else {
                let moment = Duration.milliseconds(Int.random(in: 0..<150, using: &random))
                let bundle = try await live(with: server, operators, for: moment)
                for folder in fresh {
                    try JSONEncoder().encode(bundle).write(to: URL(filePath: "\(folder)/served.json"))
                }
                (fresh, served) = ([], served + fresh)
            }
            fresh.append(try keepRemains(of: kill))
            if served.count >= Self.batch || kill == Self.kills {
                checked += try await check(served)
                served = []
            }
        }
        #expect(checked == Self.kills)
    }

    /// Waits until the server serves, lets the operators work and kills it in the midst of it.
    ///
    /// - Returns: The bundle that it served at first.
    private func live(
        with server: RunningProgram, _ operators: BusyOperators, for moment: Duration
    ) async throws -> ServedBundle {
        try await GRPCConnector.unix(path: domain.serverSocket, callTimeout: .seconds(30)).withClient { client in
            let bundles = Spire_Api_Server_Bundle_V1_Bundle.Client(wrapping: client)
            let bundle = try await eventually("the server serves its bundle", or: { server.log }) {
                try? await bundles.getBundle(.init())
            }
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await operators.work(client) }
                // The moment is what is random here; nothing is waited for.
                try? await Task.sleep(for: moment)
                await server.stop(SIGKILL)
                group.cancelAll()
            }
            return ServedBundle(bundle)
        }
    }

    private func operators() async throws -> BusyOperators {
        let csr = try await ForeignRequest(uri: "spiffe://one.test/minted", in: domain.folder).der
        var roots: [String: [Data]] = [:]
        for partner in (0..<5).map({ "partner-\($0).test" }) {
            roots[partner] = try (0..<2).map { _ in
                var serializer = DER.Serializer()
                try serializer.serialize(TestCA(partner).root)
                return Data(serializer.serializedBytes)
            }
        }
        return BusyOperators(facts: facts, csr: csr, roots: roots)
    }

    /// Copies the files as the dead server left them.
    private func keepRemains(of kill: Int) throws -> String {
        let folder = domain.folder.path("kill-\(kill)")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        for name in ["datastore.sqlite3", "datastore.sqlite3-wal", "keys.json"] {
            guard FileManager.default.fileExists(atPath: domain.folder.path(name)) else { continue }
            try FileManager.default.copyItem(atPath: domain.folder.path(name), toPath: "\(folder)/\(name)")
        }
        try facts.write(to: "\(folder)/known.json")
        return folder
    }

    private func check(_ folders: [String]) async throws -> Int {
        let verdict = try await PythonClient.answer(Verdict.self, "check_killed.py", folders)
        #expect(verdict.faults.isEmpty)
        for folder in folders { try FileManager.default.removeItem(atPath: folder) }
        return verdict.checked
    }
}
