// SPDX-License-Identifier: Apache-2.0

import GRPCCore
import GRPCProtobuf
import ServerAPIProtos
import SwiftProtobuf

/// A refusal that tells an agent what to do: its reason travels in the trailer `grpc-status-details-bin`.
struct PermissionDenial {
    let message: String
    let reason: Spire_Api_Types_PermissionDeniedDetails.Reason

    var rpcError: any Error {
        var details = Spire_Api_Types_PermissionDeniedDetails()
        details.reason = reason
        guard let packed = try? Google_Protobuf_Any(message: details) else {
            return RPCError(code: .permissionDenied, message: message)
        }
        return GoogleRPCStatus(code: .permissionDenied, message: message, details: .any(packed))
    }
}
