// SPDX-License-Identifier: Apache-2.0

import ComityAgent
import ComityTelemetry
import ComityTesting
import ComityTransport
import Foundation
import GRPCCore
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// The admin socket of an agent beside its Workload API, with what it knows in the hands of the test.
struct AdminFixture: Sendable {
    static let lastSync = Date(timeIntervalSince1970: 1_700_000_000)

    let workloads: WorkloadAPIFixture
    let levels: LogLevelSwitch
    let client: GRPCClient<GRPCConnection>

    var debug: Spire_Agent_Debug_V1_Debug.Client<GRPCConnection> { .init(wrapping: client) }
    var logger: Spire_Api_Agent_Logger_V1_Logger.Client<GRPCConnection> { .init(wrapping: client) }
    var delegated: Spire_Api_Agent_Delegatedidentity_V1_DelegatedIdentity.Client<GRPCConnection> {
        .init(wrapping: client)
    }

    /// The test itself is the caller; an entry named `delegate` makes it one who may act for others.
    static func with(_ body: @Sendable (AdminFixture) async throws -> Void) async throws {
        let delegate = try SPIFFEID("spiffe://alpha.test/delegate")
        try await WorkloadAPIFixture.with(settings: { $0.authorizedDelegates = [delegate] }) { workloads in
            let folder = try TemporaryFolder()
            let levels = LogLevelSwitch(.info)
            let credential = try workloads.ca.intermediate().leaf(
                SPIFFEID(trustDomain: TrustDomain("alpha.test"), path: "/spire/agent/x")
            ).credential()
            let service = AdminEndpoint(
                settings: workloads.settings, path: folder.path("admin.sock"), store: workloads.store,
                tokens: workloads.tokens, levels: levels, credential: { credential },
                lastSync: { Self.lastSync }, logger: RecordedLog().logger()
            ).makeService()
            try await withThrowingTaskGroup { group in
                group.addTask { try await service.run() }
                _ = await service.boundAddress
                try await GRPCConnector.unix(path: folder.path("admin.sock")).withClient { client in
                    try await body(AdminFixture(workloads: workloads, levels: levels, client: client))
                }
                group.cancelAll()
            }
        }
    }

    /// Asks for the identities of a workload that these selectors describe.
    static func selectors(_ texts: String...) -> Spire_Api_Agent_Delegatedidentity_V1_SubscribeToX509SVIDsRequest {
        .with { $0.selectors = texts.map(selector) }
    }

    static func selector(_ text: String) -> Spire_Api_Types_Selector {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        return .with {
            $0.type = parts[0]
            $0.value = parts[1]
        }
    }
}
