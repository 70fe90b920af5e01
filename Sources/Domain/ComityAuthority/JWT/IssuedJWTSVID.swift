// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import SPIFFE

/// A JWT-SVID as it left the issuer. The token is a secret of its bearer.
package struct IssuedJWTSVID: Hashable, Sendable {
    package let id: SPIFFEID
    package let token: String
    package let issuedAt: Date
    package let expiresAt: Date
}
