// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
import ComityWire
import FoundationEssentials
package import GRPCCore
package import SPIFFE
package import ServerAPIProtos
import SwiftProtobuf

/// Tells how the server is. Counted at each call.
package struct DebugService: Spire_Api_Server_Debug_V1_Debug.SimpleServiceProtocol {
    private let trustDomain: TrustDomain
    private let store: any RegistryStore
    private let credential: @Sendable () -> X509Credential?
    private let start: ContinuousClock.Instant

    /// - Parameters:
    ///   - start: When the server began.
    ///   - credential: The server's own SVID as it is at the moment.
    package init(
        trustDomain: TrustDomain, store: any RegistryStore, start: ContinuousClock.Instant = .now,
        credential: @escaping @Sendable () -> X509Credential?
    ) {
        self.trustDomain = trustDomain
        self.store = store
        self.start = start
        self.credential = credential
    }

    package func getInfo(
        request: Spire_Api_Server_Debug_V1_GetInfoRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Debug_V1_GetInfoResponse {
        do {
            let bundle = try await store.bundle(of: trustDomain)?.bundle
            var info = Spire_Api_Server_Debug_V1_GetInfoResponse()
            info.svidChain = ChainCertificate.chain(of: credential(), in: bundle).map { certificate in
                .with {
                    if let id = certificate.id { $0.id = id }
                    $0.expiresAt = certificate.expiresAt
                    $0.subject = certificate.subject
                }
            }
            info.uptime = Int32(clamping: (ContinuousClock.now - start).components.seconds)
            info.agentsCount = Int32(clamping: try await store.countNodes(NodeFilter()))
            info.federatedBundlesCount = Int32(clamping: try await store.countBundles())
            info.entriesCount = Int32(clamping: try await store.countEntries(EntryFilter()))
            return info
        } catch {
            throw APIError("failed to collect debug information", causedBy: error)
        }
    }
}
