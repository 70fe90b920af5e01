// SPDX-License-Identifier: Apache-2.0

import ComityTransport
import GRPCCore
import ServerAPIProtos
import Testing

@Suite struct GRPCConnectorTests {
    @Test func namesTheSocketThatNobodyServes() async throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/absent.sock"
        let error = await #expect(throws: RPCError.self) {
            try await GRPCConnector.unix(path: path).report()
        }
        #expect(error?.code == .unavailable)
        #expect(error?.message == "cannot reach unix:\(path): no such file or directory")
    }

    @Test func reachesAServerThatCameBack() async throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/api.sock"
        let listener = GRPCListener.unix(path: path, mode: 0o770, directoryMode: 0o750)
        // The client may look for the socket before it is there.
        var options = CallOptions.defaults
        options.waitForReady = true
        let patient = options
        try await GRPCConnector.unix(path: path).withClient { client in
            let health = Grpc_Health_V1_Health.Client(wrapping: client)
            _ = try await listener.serving { _ in try await health.check(.init(), options: patient) }
            await #expect(throws: RPCError.self) { try await client.report() }
            _ = try await listener.serving { _ in try await health.check(.init(), options: patient) }
        }
    }

    @Test func newCallsUseANewConnectionAfterReconnect() async throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/api.sock"
        try await GRPCListener.unix(path: path, mode: 0o770, directoryMode: 0o750).serving { _ in
            let connection = try GRPCConnector.unix(path: path).makeConnection()
            try await withGRPCClient(transport: connection) { client in
                let health = Grpc_Health_V1_Health.Client(wrapping: client)
                try await health.watch(.init()) { response in
                    var messages = response.messages.makeAsyncIterator()
                    _ = try await messages.next()
                    let old = try await client.report()
                    try connection.reconnect()
                    #expect(try await client.report() != old)
                }
            }
        }
    }
}
