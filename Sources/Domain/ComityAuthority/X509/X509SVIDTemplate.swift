// SPDX-License-Identifier: Apache-2.0

import Crypto
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
    /// Whether the subject gets an identifier made from the SPIFFE ID, for consumers that cannot read URI SANs.
    package var hasUniqueID: Bool

    package init(
        id: SPIFFEID, publicKey: Certificate.PublicKey, ttl: TimeInterval, dnsNames: [String] = [],
        subject: DistinguishedName? = nil, hasUniqueID: Bool = false
    ) {
        self.id = id
        self.publicKey = publicKey
        self.ttl = ttl
        self.dnsNames = dnsNames
        self.subject = subject
        self.hasUniqueID = hasUniqueID
    }

    /// Half of the SHA-256 of the SPIFFE ID, in hex.
    var uniqueID: String? {
        hasUniqueID ? Array(SHA256.hash(data: Array(id.uri.utf8)).prefix(16)).hex : nil
    }
}
