// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import SPIFFE

extension ClientTLS {
    /// Accepts a server with an X509-SVID that its trust domain's bundle vouches for and the authorizer accepts.
    ///
    /// - Parameters:
    ///   - bundles: Asked anew for each handshake.
    ///   - credential: What we present; asked anew for each connection.
    package static func spiffe(
        bundles: @escaping @Sendable () -> BundleSet, authorizer: Authorizer,
        credential: @escaping @Sendable () -> X509Credential? = { nil }
    ) -> ClientTLS {
        let source = TLSIdentitySource(credential)
        return ClientTLS(identity: { source.current }) { certificates in
            let svid = try UnverifiedX509SVID(certificates: certificates)
                .verified(by: bundles(), at: .now, role: .server)
            try authorizer.authorize(svid.id)
        }
    }
}
