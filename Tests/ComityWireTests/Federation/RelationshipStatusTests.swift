// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityWire
import ServerAPIProtos
import Testing

@Suite struct RelationshipStatusTests {
    @Test func eachFailureClassHasItsOwnErrorClass() {
        let classes = FederationFailure.Class.allCases.map { Comity_Federation_V1_ErrorClass($0) }
        #expect(Set(classes).count == FederationFailure.Class.allCases.count)
        #expect(!classes.contains(.unspecified))
        #expect(!classes.contains(.none))
    }
}
