// SPDX-License-Identifier: Apache-2.0

package import ComityAuthority
import FoundationEssentials
package import ServerAPIProtos

extension Spire_Api_Server_Localauthority_V1_AuthorityState {
    package init(_ record: AuthorityRecord) {
        self.init()
        authorityID = record.authorityID
        expiresAt = Optional(record.expiresAt).unixSeconds
        upstreamAuthoritySubjectKeyID = record.upstreamAuthorityID ?? ""
    }
}
