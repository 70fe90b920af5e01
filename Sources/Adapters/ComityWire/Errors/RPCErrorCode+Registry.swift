// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
package import GRPCCore

extension RPCError.Code {
    /// The code that tells a caller of this error; the only place where ours become gRPC's.
    package init(of error: any Error) {
        switch error {
        case let error as RPCError: self = error.code
        case let error as any RPCErrorConvertible: self = error.rpcErrorCode
        case let error as RegistryError: self.init(error.code)
        case let error as AuthorityError: self.init(error.code)
        case is CancellationError: self = .cancelled
        default: self = .internalError
        }
    }

    private init(_ code: RegistryError.Code) {
        switch code {
        case .invalidArgument: self = .invalidArgument
        case .notFound: self = .notFound
        case .alreadyExists: self = .alreadyExists
        case .failedPrecondition: self = .failedPrecondition
        case .unavailable: self = .unavailable
        default: self = .internalError
        }
    }
}
