// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ComityCommands

@Suite struct UpstreamAuthorityTextTests {
    @Test(arguments: ["Tainted", "Revoked"]) func namesTheAuthority(step: String) {
        #expect(
            UpstreamAuthorityText.one(step, keyID: "a1") == """
                \(step) X.509 upstream authority:
                  Subject Key ID: a1

                """)
    }
}
