// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import SPIFFE

extension ServerTLS {
    /// Presents an X509-SVID; a client may present one too, which is then verified by the bundle of its trust domain.
    ///
    /// - Parameters:
    ///   - credential: Asked anew for each connection.
    ///   - bundles: Asked anew for each client certificate. Leave out trust domains whose clients may not connect.
    package static func spiffe(
        credential: @escaping @Sendable () -> X509Credential?, bundles: @escaping @Sendable () -> BundleSet
    ) -> ServerTLS {
        let source = TLSIdentitySource(credential)
        return ServerTLS(identity: { source.current }) { certificates in
            try UnverifiedX509SVID(certificates: certificates)
                .verified(by: bundles(), at: .now, role: .client).id
        }
    }
}
