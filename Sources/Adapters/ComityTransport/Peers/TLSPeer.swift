// SPDX-License-Identifier: Apache-2.0

package import SPIFFE
package import X509

/// What a client proved of itself in the TLS handshake.
package struct TLSPeer: Sendable {
    package let spiffeID: SPIFFEID

    /// Leaf first; what the verification accepted.
    package let certificates: [Certificate]

    package init(spiffeID: SPIFFEID, certificates: [Certificate]) {
        self.spiffeID = spiffeID
        self.certificates = certificates
    }
}
