// SPDX-License-Identifier: Apache-2.0

import ComityWire
import FoundationEssentials
import GRPCCore
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// Tells how the agent is. Counted at each call.
struct DebugService: Spire_Agent_Debug_V1_Debug.SimpleServiceProtocol {
    let store: WorkloadStore
    let tokens: JWTSVIDSource
    /// The agent's own SVID as it is at the moment.
    let credential: @Sendable () -> X509Credential?
    let lastSync: @Sendable () async -> Date?
    let start = ContinuousClock.now

    func getInfo(
        request: Spire_Agent_Debug_V1_GetInfoRequest, context: ServerContext
    ) async throws -> Spire_Agent_Debug_V1_GetInfoResponse {
        var info = Spire_Agent_Debug_V1_GetInfoResponse()
        info.svidChain = ChainCertificate.chain(of: credential(), in: store.bundle).map { certificate in
            .with {
                if let id = certificate.id { $0.id = id }
                $0.expiresAt = certificate.expiresAt
                $0.subject = certificate.subject
            }
        }
        info.uptime = Int32(clamping: (ContinuousClock.now - start).components.seconds)
        info.lastSyncSuccess = await lastSync().unixSeconds
        info.cachedX509SvidsCount = Int32(clamping: store.svidCount)
        info.svidsCount = info.cachedX509SvidsCount
        info.cachedJwtSvidsCount = Int32(clamping: tokens.count)
        return info
    }
}
