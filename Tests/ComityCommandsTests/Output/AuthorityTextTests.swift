// SPDX-License-Identifier: Apache-2.0

import ServerAPIProtos
import SwiftProtobuf
import Testing

@testable import ComityCommands

@Suite struct AuthorityTextTests {
    private static let state = Spire_Api_Server_Localauthority_V1_AuthorityState.with {
        $0.authorityID = "a1"
        $0.expiresAt = 1_767_225_600
    }

    @Test func x509NamesItsUpstream() {
        var below = Self.state
        below.upstreamAuthoritySubjectKeyID = "b2"
        #expect(
            AuthorityText(kind: .x509).all(active: Self.state, prepared: below, old: nil) == """
                Active X.509 authority:
                  Authority ID: a1
                  Expires at: 2026-01-01 00:00:00 +0000 UTC
                  Upstream authority ID: No upstream authority

                Prepared X.509 authority:
                  Authority ID: a1
                  Expires at: 2026-01-01 00:00:00 +0000 UTC
                  Upstream authority Subject Key ID: b2

                Old X.509 authority:
                  No old X.509 authority found

                """)
    }

    @Test(arguments: ["Prepared", "Activated", "Tainted", "Revoked"]) func jwtHasNoUpstream(step: String) {
        #expect(
            AuthorityText(kind: .jwt).one(step, Self.state) == """
                \(step) JWT authority:
                  Authority ID: a1
                  Expires at: 2026-01-01 00:00:00 +0000 UTC

                """)
    }
}
