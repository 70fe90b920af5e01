// SPDX-License-Identifier: Apache-2.0

import GRPCCore
import SPIFFE

extension WorkloadAPIError {
    /// Translates what a call threw.
    init(describing error: any Error, at address: WorkloadAPIAddress) {
        switch error {
        case let error as WorkloadAPIError: self = error
        case let error as SPIFFEError: self.init(.malformedAnswer, "answer discarded", cause: error)
        case let error as RPCError: self.init(error, at: address)
        case is CancellationError: self.init(.cancelled, "call was cancelled", cause: error)
        default: self.init(.unavailable, "cannot reach agent at \(address)", cause: error)
        }
    }

    private init(_ error: RPCError, at address: WorkloadAPIAddress) {
        switch error.code {
        case .invalidArgument: self.init(.invalidArgument, error.message)
        case .permissionDenied: self.init(.permissionDenied, error.message)
        case .unimplemented: self.init(.unimplemented, error.message)
        case .cancelled: self.init(.cancelled, "call was cancelled", cause: error)
        case .unavailable:
            guard let root = Self.root(of: error) else {
                self.init(.unavailable, error.message)
                return
            }
            self.init(.unavailable, "cannot reach agent at \(address)", cause: root)
        default: self.init(.failed, "agent at \(address) answered \(error.code): \(error.message)")
        }
    }

    /// What gRPC buries under the states of its channel.
    private static func root(of error: RPCError) -> (any Error)? {
        var root = error.cause
        while let deeper = (root as? RPCError)?.cause { root = deeper }
        return root
    }
}
