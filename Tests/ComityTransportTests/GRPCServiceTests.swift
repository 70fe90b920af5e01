// SPDX-License-Identifier: Apache-2.0

import ComityTransport
import GRPCCore
import Logging
import ServerAPIProtos
import ServiceLifecycle
import Testing

@Suite struct GRPCServiceTests {
    @Test(.timeLimit(.minutes(1))) func endsAtTheDeadlineThoughAStreamStaysOpen() async throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/api.sock"
        let server = GRPCServer(
            transport: GRPCListener.unix(path: path, mode: 0o770, directoryMode: 0o750)
                .makeTransport(logger: Logger(label: "test")),
            services: [PeerReport()])
        let service = GRPCService(server: server, gracePeriod: .milliseconds(100))
        let group = ServiceGroup(services: [service], logger: Logger(label: "test"))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            _ = await service.boundAddress
            try await GRPCConnector.unix(path: path).withClient { client in
                // How it ends is left to the handler; without the deadline it would not end at all.
                try? await Grpc_Health_V1_Health.Client(wrapping: client).watch(.init()) { response in
                    var messages = response.messages.makeAsyncIterator()
                    _ = try await messages.next()
                    await group.triggerGracefulShutdown()
                    while try await messages.next() != nil {}
                }
            }
            try await tasks.waitForAll()
        }
    }
}
