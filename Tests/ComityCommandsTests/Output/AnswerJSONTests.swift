// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf
import Testing

@testable import ComityCommands

@Suite struct AnswerJSONTests {
    @Test func severalAnswersAreAnArray() {
        #expect(
            AnswerJSON.line([["b": 1, "a": .null], ["z": "<&>"]]) == #"[{"b":1},{"z":"\u003c\u0026\u003e"}]"# + "\n")
    }

    @Test func bundleHasBytesInBase64AndLongsAsStrings() {
        let bundle = Spire_Api_Types_Bundle.with {
            $0.trustDomain = "example.org"
            $0.x509Authorities = [.with { $0.asn1 = Data([0xFB, 0xFF]) }]
            $0.sequenceNumber = .max
            $0.refreshHint = 300
        }
        #expect(
            AnswerJSON.line([bundle.json]) == """
                {"jwt_authorities":[],"refresh_hint":"300","sequence_number":"18446744073709551615",\
                "trust_domain":"example.org","wit_authorities":[],"x509_authorities":[{"asn1":"+/8=","tainted":false}]}

                """)
    }

    @Test func relationshipHasItsProfileAndNoBundleThatIsUnset() {
        let relationship = Spire_Api_Types_FederationRelationship.with {
            $0.trustDomain = "beta.test"
            $0.httpsWeb = Spire_Api_Types_HTTPSWebProfile()
        }
        #expect(
            AnswerJSON.line([relationship.json])
                == #"{"bundle_endpoint_url":"","https_web":{},"trust_domain":"beta.test"}"# + "\n")
    }
}
