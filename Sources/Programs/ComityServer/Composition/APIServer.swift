// SPDX-License-Identifier: Apache-2.0

import ComityTransport
import GRPCCore
import Logging
import ServiceLifecycle

/// One listener of the server's APIs, with SPIRE's words about its life.
struct APIServer: Service {
    private let service: GRPCService
    private let network: String
    private let logger: Logger
    private let onServing: @Sendable (BoundAddress) async -> Void

    init(
        listener: GRPCListener, network: String, services: [any RegistrableRPCService],
        interceptors: [any ServerInterceptor], logger: Logger,
        onServing: @escaping @Sendable (BoundAddress) async -> Void
    ) {
        service = GRPCService(
            server: GRPCServer(
                transport: listener.makeTransport(logger: logger), services: services, interceptors: interceptors))
        self.network = network
        self.logger = logger
        self.onServing = onServing
    }

    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            group.addTask { await announce() }
            try await group.waitForAll()
        }
        logger.info("Server APIs have stopped", metadata: ["network": "\(network)"])
    }

    private func announce() async {
        guard let address = await service.boundAddress else { return }
        logger.info("Starting Server APIs", metadata: ["network": "\(network)", "address": "\(address)"])
        await onServing(address)
    }
}
