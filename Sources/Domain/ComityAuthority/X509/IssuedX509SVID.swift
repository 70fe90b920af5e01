// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import SPIFFE

/// An X509-SVID as it left the issuer.
package struct IssuedX509SVID: Hashable, Sendable {
    package let id: SPIFFEID
    /// DER: the leaf, then its issuers up to but without the root.
    package let certificateChain: [[UInt8]]
    package let serial: CertificateSerial
    package let issuedAt: Date
    package let expiresAt: Date
}
