// SPDX-License-Identifier: Apache-2.0

import ComityTransport
import GRPCCore
import WorkloadAPIProtos

/// Calls the agent's Workload API as a workload would.
package struct WorkloadAPIProbe: Sendable {
    private let connector: GRPCConnector

    package init(socketPath: String) {
        connector = .unix(path: socketPath, callTimeout: .seconds(5))
    }

    /// Throws unless the API serves: that the caller has no identity is as good an answer as any.
    package func check() async throws {
        do {
            try await connector.withClient { client in
                try await Workload_SpiffeWorkloadAPI.Client(wrapping: client).fetchX509Bundles(
                    .init(), metadata: ["workload.spiffe.io": "true"]
                ) { response in
                    for try await _ in response.messages { return }
                }
            }
        } catch let error as RPCError where error.code == .permissionDenied {
            return
        }
    }
}
