// SPDX-License-Identifier: Apache-2.0

import ComityTransport
import GRPCCore
import WorkloadAPIProtos

/// Calls the agent's Workload API as a workload would.
package struct WorkloadAPIProbe: Sendable {
    private let connector: GRPCConnector?

    /// - Parameter isServed: Whether there is a Workload API at all; without one, all is well.
    package init(socketPath: String, isServed: Bool = true) {
        connector = isServed ? .unix(path: socketPath, callTimeout: .seconds(5)) : nil
    }

    /// Throws unless the API serves: that the caller has no identity is as good an answer as any.
    package func check() async throws {
        guard let connector else { return }
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
