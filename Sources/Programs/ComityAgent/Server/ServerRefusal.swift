// SPDX-License-Identifier: Apache-2.0

import GRPCCore
import GRPCProtobuf
import ServerAPIProtos
import SwiftProtobuf

/// What a server that denies an agent wants of it.
enum ServerRefusal: Hashable, Sendable {
    case reattest
    case shutDown

    /// `nil` when the error is none that the agent has to act on.
    init?(_ error: any Error) {
        guard let error = error as? RPCError, error.code == .permissionDenied,
            let status = try? error.unpackGoogleRPCStatus()
        else { return nil }
        let reasons = status.details.compactMap { detail -> Spire_Api_Types_PermissionDeniedDetails.Reason? in
            detail.any.flatMap { try? Spire_Api_Types_PermissionDeniedDetails(unpackingAny: $0) }?.reason
        }
        switch reasons.first {
        case .agentExpired, .agentNotAttested, .agentNotActive, .agentMustReattest: self = .reattest
        case .agentBanned: self = .shutDown
        case .unknown, .UNRECOGNIZED, nil: return nil
        }
    }
}
