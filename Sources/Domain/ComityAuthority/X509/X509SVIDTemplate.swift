// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import SPIFFE
package import X509

/// What goes into an X509-SVID. The ID is the one the issuer decided on, never one that a request asked for.
package struct X509SVIDTemplate: Sendable {
    package var id: SPIFFEID
    package var publicKey: Certificate.PublicKey
    /// Seconds.
    package var ttl: TimeInterval
    /// DNS SANs; the first becomes the common name.
    package var dnsNames: [String]
    /// Replaces the default subject `C=US, O=SPIRE`.
    package var subject: DistinguishedName?

    package init(
        id: SPIFFEID, publicKey: Certificate.PublicKey, ttl: TimeInterval, dnsNames: [String] = [],
        subject: DistinguishedName? = nil
    ) {
        self.id = id
        self.publicKey = publicKey
        self.ttl = ttl
        self.dnsNames = dnsNames
        self.subject = subject
    }
}
