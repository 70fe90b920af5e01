// SPDX-License-Identifier: Apache-2.0

import SPIFFE
import Testing

@Suite struct BearerAuthorizationTests {
    @Test("JWT-20, JWT-21: Authorization: Bearer and the token, lower-case key in gRPC")
    func writesBearer() {
        #expect(BearerAuthorization.value(for: "a.b.c") == "Bearer a.b.c")
        #expect(BearerAuthorization.httpHeaderName == "Authorization")
        #expect(BearerAuthorization.grpcMetadataKey == "authorization")
    }

    @Test("JWT-20: the scheme is read in any case", arguments: ["Bearer a.b.c", "bearer a.b.c", "BEARER  a.b.c"])
    func readsBearer(_ value: String) {
        #expect(BearerAuthorization.token(in: value) == "a.b.c")
    }

    @Test(arguments: ["", "Bearer", "Bearer ", "Basic a.b.c", "a.b.c", "Bearer a b", " Bearer a", "Bearera"])
    func findsNoTokenInOtherValues(_ value: String) {
        #expect(BearerAuthorization.token(in: value) == nil)
    }
}
