// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import SPIFFE
import Testing

@Suite struct Base64Tests {
    // RFC 4648 §10.
    @Test(arguments: [
        "": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "fooba": "Zm9vYmE=", "foobar": "Zm9vYmFy",
    ])
    func followsTheVectorsOfTheStandard(plain: String, encoded: String) {
        let unpadded = encoded.filter { $0 != "=" }
        #expect(Base64.standard.encode(Array(plain.utf8)) == encoded)
        #expect(Base64.standard.decode(encoded) == Array(plain.utf8))
        #expect(Base64.url.encode(Array(plain.utf8)) == unpadded)
        #expect(Base64.url.decode(unpadded) == Array(plain.utf8))
    }

    @Test func hasTwoAlphabets() {
        #expect(Base64.standard.encode([0xFB, 0xFF]) == "+/8=")
        #expect(Base64.url.encode([0xFB, 0xFF]) == "-_8")
    }

    @Test(arguments: ["A", "AAAAA", "Zg==", "Zm8=", "+/8", "Z g", "Zg\n", "Zh", "Zm9", "Zm-.", "é"])
    func refusesOtherSpellingsInURLs(_ text: String) {
        #expect(Base64.url.decode(text) == nil)
    }

    @Test(arguments: [
        "Zg", "Zg=", "Zg===", "Z===", "====", "=Zg=", "Zg=A", "Zh==", "Zm9=", "-_8=", "Zm9v\n", "Zg==Zg==",
    ])
    func refusesOtherSpellingsInStandardForm(_ text: String) {
        #expect(Base64.standard.decode(text) == nil)
    }

    @Test func decodesWhatItEncoded() {
        var generator = SeededGenerator(seed: 2)
        for count in 0..<200 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            #expect(Base64.url.decode(Base64.url.encode(bytes)) == bytes)
            #expect(Base64.standard.decode(Base64.standard.encode(bytes)) == bytes)
        }
    }
}
