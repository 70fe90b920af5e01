// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import SPIFFE
import Testing
import X509

@Suite struct UnverifiedX509SVIDTests {
    @Test func verifiesALeafUnderItsRoot() throws {
        let ca = try TestCA()
        let leaf = try ca.leaf("/web")
        let svid = try leaf.unverified().verified(by: ca.bundles, at: TestTime.now)
        #expect(svid.id.uri == "spiffe://example.org/web")
        #expect(svid.certificates == leaf.certificates)
        #expect(svid.authority == ca.root)
        #expect(svid.expiresAt == TestTime.future)
        #expect(svid.notBefore == TestTime.past)
    }
}
