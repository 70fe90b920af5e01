// SPDX-License-Identifier: Apache-2.0

import SPIFFE
import Testing

@Suite struct TrustDomainTests {
    @Test("ID-08: of all bytes 39 may be in a name")
    func acceptsNameBytes() {
        let accepted = (UInt8.min...UInt8.max).filter { byte in
            let name = String(decoding: Array("exa".utf8) + [byte] + Array("mple".utf8), as: UTF8.self)
            return (try? TrustDomain(name)) != nil
        }
        #expect(accepted == Array("-.0123456789_abcdefghijklmnopqrstuvwxyz".utf8))
        #expect(accepted.count == 39)
    }

    @Test(
        "ID-08: letters and digits outside ASCII are refused",
        arguments: [
            "bücher", "exam\u{301}ple", "\u{301}example", "ｅxample", "example٣", "пример", "exampl\u{65}\u{20DD}",
        ])
    func refusesOtherAlphabets(_ name: String) {
        #expect(throws: SPIFFEError(.invalidTrustDomain, "")) { try TrustDomain(name) }
        #expect(throws: SPIFFEError(.invalidTrustDomain, "")) { try SPIFFEID("spiffe://\(name)/a") }
    }

    @Test("ID-21: 255 bytes are accepted, 256 are not (D-02)", arguments: ["", "/a"])
    func limitsLength(path: String) throws {
        let longest = String(repeating: "a", count: 255)
        #expect(try TrustDomain(longest).name == longest)
        #expect(try SPIFFEID("spiffe://\(longest)\(path)").trustDomain.name == longest)
        #expect(throws: SPIFFEError(.invalidTrustDomain, "")) { try TrustDomain(longest + "a") }
        #expect(throws: SPIFFEError(.invalidTrustDomain, "")) { try SPIFFEID("spiffe://\(longest)a\(path)") }
    }

    @Test(arguments: ["example.org", "spiffe://example.org", "spiffe://example.org/ns/web"])
    func readsNameOrID(_ text: String) throws {
        #expect(try TrustDomain(nameOrID: text).name == "example.org")
    }

    @Test(arguments: ["", "Example.org", "spiffe://", "spiffe://Example.org", "https://example.org", "example.org/"])
    func refusesWhatIsNeitherNameNorID(_ text: String) {
        #expect(throws: SPIFFEError.self) { try TrustDomain(nameOrID: text) }
    }

    @Test func ordersByName() throws {
        #expect(try TrustDomain("a.test") < TrustDomain("b.test"))
    }
}
