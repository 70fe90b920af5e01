// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import GRPCCore

extension RPCError.Code {
    init(_ code: AuthorityError.Code) {
        switch code {
        case .invalidKey, .invalidRequest, .invalidRequestSignature, .unexpectedAuthority: self = .invalidArgument
        case .notReady: self = .unavailable
        default: self = .internalError
        }
    }
}
