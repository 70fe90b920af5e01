// SPDX-License-Identifier: Apache-2.0

import NIOCertificateReloading
import NIOSSL

/// Hands gRPC's client the identity of the moment, once per handshake.
struct TLSIdentityReloader: CertificateReloader {
    let identity: @Sendable () -> TLSIdentity?

    var sslContextConfigurationOverride: NIOSSLContextConfigurationOverride {
        guard let identity = identity() else { return .noChanges }
        var override = NIOSSLContextConfigurationOverride()
        override.certificateChain = identity.certificateChain
        override.privateKey = identity.privateKey
        return override
    }
}
