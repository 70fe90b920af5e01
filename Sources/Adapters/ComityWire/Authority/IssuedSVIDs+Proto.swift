// SPDX-License-Identifier: Apache-2.0

package import ComityAuthority
import FoundationEssentials
package import ServerAPIProtos

extension Spire_Api_Types_X509SVID {
    package init(_ svid: IssuedX509SVID) {
        self.init()
        certChain = svid.certificateChain.map { Data($0) }
        id = Spire_Api_Types_SPIFFEID(svid.id)
        expiresAt = Optional(svid.expiresAt).unixSeconds
    }
}

extension Spire_Api_Types_JWTSVID {
    package init(_ svid: IssuedJWTSVID) {
        self.init()
        token = svid.token
        id = Spire_Api_Types_SPIFFEID(svid.id)
        expiresAt = Optional(svid.expiresAt).unixSeconds
        issuedAt = Optional(svid.issuedAt).unixSeconds
    }
}
