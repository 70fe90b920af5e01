// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import NIOCore
import NIOSSL
import SPIFFE
import Synchronization

/// The verification of the peer of one connection, and what came of it.
final class PeerVerification: Sendable {
    private let verifier: PeerVerifier
    private let role: X509SVID.Role
    private let result = Mutex<Result<X509SVID, SPIFFEError>?>(nil)

    /// - Parameter role: The peer's.
    init(_ verifier: PeerVerifier, role: X509SVID.Role) {
        self.verifier = verifier
        self.role = role
    }

    /// `nil` before the peer presented something.
    var outcome: Result<X509SVID, SPIFFEError>? {
        result.withLock { $0 }
    }

    var callback: NIOSSLCustomVerificationCallback {
        { presented, promise in
            let outcome = Result { () throws(SPIFFEError) in
                try self.verifier.verify(presented, role: self.role, at: .now)
            }
            self.result.withLock { $0 = outcome }
            switch outcome {
            case .success: promise.succeed(.certificateVerified)
            case .failure: promise.succeed(.failed)
            }
        }
    }
}
