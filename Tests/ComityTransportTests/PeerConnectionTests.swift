// SPDX-License-Identifier: Apache-2.0

import CLinux
import ComityTransport
import Foundation
import GRPCCore
import Testing

@Suite struct PeerConnectionTests {
    @Test func everyCallSeesItsOwnProcess() async throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/s/api.sock"
        let frame = "\(folder.path)/frame"
        try Data([0, 0, 0, 0, 0]).write(to: URL(fileURLWithPath: frame))
        let listener = GRPCListener.unix(path: path, mode: 0o777, directoryMode: 0o755)
        try await listener.serving { _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<8 {
                    // Eight users at once; the number is both the user's and the group's.
                    let user = 4000 + index
                    group.addTask {
                        let reply = try await run(
                            "/usr/bin/setpriv",
                            ["--reuid", "\(user)", "--regid", "\(user)", "--clear-groups"] + curl(path, frame))
                        #expect(reply.code == 0)
                        // `setpriv` becomes curl: the process ID stays.
                        for fact in ["pid=\(reply.pid)", "uid=\(user)", "gid=\(user)", "running=true"] {
                            #expect(reply.output.contains(fact))
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func tellsConnectionsOfOneProcessApart() async throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/api.sock"
        try await GRPCListener.unix(path: path, mode: 0o770, directoryMode: 0o750).serving { _ in
            let connector = GRPCConnector.unix(path: path)
            let first = try await connector.report()
            let second = try await connector.report()
            for facts in [first, second] {
                #expect(facts.isSuperset(of: ["pid=\(getpid())", "uid=\(getuid())", "address=unix:\(path)"]))
            }
            #expect(first != second)
        }
    }

    @Test func runsLocalCallsOnTheEventLoopOfTheirConnection() async throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/api.sock"
        try await GRPCListener.unix(path: path, mode: 0o770, directoryMode: 0o750).serving { _ in
            let facts = try await GRPCConnector.unix(path: path).report()
            #expect(facts.contains("thread=event loop"))
        }
    }

    @Test func knowsWhenThePeerProcessHasEnded() async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sleep")
        process.arguments = ["60"]
        try process.run()
        let pidfd = comity_pidfd_open(process.processIdentifier)
        defer { close(pidfd) }
        let peer = LocalPeer(
            pid: process.processIdentifier, uid: 0, gid: 0, pidfd: pidfd, isPinnedByKernel: false)
        #expect(peer.isRunning == true)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(peer.isRunning == false)
    }

    private func curl(_ path: String, _ frame: String) -> [String] {
        [
            "/usr/bin/curl", "-sS", "--http2-prior-knowledge", "--unix-socket", path, "-o", "-",
            "-H", "content-type: application/grpc", "-H", "te: trailers", "--data-binary", "@\(frame)",
            "http://localhost/grpc.health.v1.Health/List",
        ]
    }
}
