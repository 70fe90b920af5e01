// SPDX-License-Identifier: Apache-2.0

import ComityTransport
import Foundation
import GRPCCore
import Testing

@Suite struct UnixListenerTests {
    @Test(arguments: [0o770, 0o777] as [UInt32])
    func setsModeAndMakesFolders(mode: UInt32) async throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/a/b/api.sock"
        try await GRPCListener.unix(path: path, mode: mode, directoryMode: 0o750).serving { address in
            #expect(address == .unix(path: path))
            let modes = try [permissions(path), permissions("\(folder.path)/a/b")]
            #expect(modes == [mode, 0o750])
        }
    }

    @Test func removesItsSocketAtTheEnd() async throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/api.sock"
        try await GRPCListener.unix(path: path, mode: 0o770, directoryMode: 0o750).serving { _ in }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func replacesAStaleSocket() async throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/api.sock"
        // A process that binds and dies leaves its socket behind.
        let left = try await run(
            "/usr/bin/env",
            ["python3", "-c", "import socket; socket.socket(socket.AF_UNIX).bind('\(path)')"])
        #expect(left.code == 0)
        #expect(FileManager.default.fileExists(atPath: path))
        try await GRPCListener.unix(path: path, mode: 0o770, directoryMode: 0o750).serving { _ in
            let facts = try await GRPCConnector.unix(path: path).report()
            #expect(facts.contains("pid=\(getpid())"))
        }
    }

    @Test func refusesASocketInUseAndLeavesItWorking() async throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/api.sock"
        let listener = GRPCListener.unix(path: path, mode: 0o770, directoryMode: 0o750)
        try await listener.serving { _ in
            let failure = await listener.startFailure()
            #expect(failure?.code == .socketBusy)
            #expect(failure?.message.contains("\(path); stop it or set another socket path") == true)
            let facts = try await GRPCConnector.unix(path: path).report()
            #expect(facts.contains("pid=\(getpid())"))
        }
    }

    @Test func refusesAPathThatIsNoSocket() async throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/api.sock"
        try Data("precious".utf8).write(to: URL(fileURLWithPath: path))
        let failure = await GRPCListener.unix(path: path, mode: 0o770, directoryMode: 0o750).startFailure()
        #expect(failure?.code == .socketPathUnusable)
        let kept = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(kept == Data("precious".utf8))
    }

    @Test func refusesAPathThatTheSystemCannotHold() async throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/\(String(repeating: "x", count: 120))"
        let failure = await GRPCListener.unix(path: path, mode: 0o770, directoryMode: 0o750).startFailure()
        #expect(failure?.code == .socketPathUnusable)
        #expect(failure?.message.contains("107") == true)
    }

    @Test func cutsOffTheSilentAndKeepsTheAnswering() async throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/api.sock"
        var limits = ListenerLimits.local
        limits.prefaceTimeout = .milliseconds(200)
        try await GRPCListener.unix(path: path, mode: 0o770, directoryMode: 0o750, limits: limits).serving { _ in
            try await GRPCConnector.unix(path: path).withClient { client in
                let before = try await client.report()
                // Ends only when the server closes the connection; nothing is ever sent on it.
                let silent = try await run(
                    "/usr/bin/env",
                    [
                        "python3", "-c",
                        """
                        import socket
                        s = socket.socket(socket.AF_UNIX); s.connect('\(path)'); s.settimeout(30)
                        while s.recv(4096): pass
                        print('closed')
                        """,
                    ])
                #expect(silent.output.contains("closed"))
                #expect(try await client.report() == before)
            }
        }
    }

    @Test func closesConnectionsAboveTheLimit() async throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/api.sock"
        var limits = ListenerLimits.local
        limits.maximumConnections = 1
        try await GRPCListener.unix(path: path, mode: 0o770, directoryMode: 0o750, limits: limits).serving { _ in
            let connector = GRPCConnector.unix(path: path)
            try await connector.withClient { first in
                let facts = try await first.report()
                await #expect(throws: RPCError.self) { try await connector.report() }
                #expect(try await first.report() == facts)
            }
        }
    }

    private func permissions(_ path: String) throws -> UInt32 {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return UInt32((attributes[.posixPermissions] as? Int) ?? 0)
    }
}
