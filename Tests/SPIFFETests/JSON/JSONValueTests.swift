// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import SPIFFE
import Testing

@Suite struct JSONValueTests {
    private func parse(_ text: String) throws -> JSONValue {
        try JSONValue(parsing: Array(text.utf8), maximumBytes: 1 << 20)
    }

    @Test(
        arguments: [
            ("null", JSONValue.null), (" true ", true), ("false", false), ("0", 0), ("-12", -12), (#""""#, ""),
            ("[]", []),
            ("{}", [:]), ("[1, [2], {\"a\": null}]", [1, [2], ["a": nil]]),
            (#"{"a":{"b":[{"c":"d"}]}}"#, ["a": ["b": [["c": "d"]]]]),
        ] as [(String, JSONValue)])
    func readsValues(text: String, value: JSONValue) throws {
        #expect(try parse(text) == value)
    }

    @Test(arguments: [
        #""\"\\\/\b\f\n\r\t""#: "\"\\/\u{8}\u{C}\n\r\t", #""\u00e9\u20AC""#: "é€", #""\ud83d\ude00""#: "😀",
        #""a\u0000b""#: "a\u{0}b", "\"é€😀\"": "é€😀",
    ])
    func readsStrings(text: String, value: String) throws {
        #expect(try parse(text).string == value)
    }

    @Test(arguments: [
        "", " ", "nul", "tru", "True", "01", "-", "+1", ".5", "1.", "1e", "1e+", "0x1", "NaN", "Infinity", "'a'",
        "\"a", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\n\"", "[1,]", "[1",
        "[,1]",
        "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{\"a\":1", "[1] x", "[1][2]", "// c\n1", "\u{FEFF}1",
        "{\"a\" 1}",
    ])
    func refusesOtherTexts(_ text: String) {
        #expect(throws: SPIFFEError(.invalidJSON, "")) { try parse(text) }
    }

    @Test(arguments: [
        [0x22, 0xFF, 0x22], [0x22, 0xC0, 0xAF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xE2, 0x82, 0x22],
    ])
    func refusesBytesThatAreNotUTF8(_ bytes: [UInt8]) {
        #expect(throws: SPIFFEError(.invalidJSON, "")) { try JSONValue(parsing: bytes, maximumBytes: 100) }
    }

    @Test(arguments: [#"{"a":1,"a":1}"#, #"{"a":1,"b":2,"\u0061":3}"#, #"[{"x":{"":1,"":2}}]"#])
    func refusesRepeatedMembers(_ text: String) {
        #expect(throws: SPIFFEError(.invalidJSON, "")) { try parse(text) }
    }

    @Test func namesLineAndColumn() {
        let error = #expect(throws: SPIFFEError.self) { try parse("{\n  \"a\": 1,\n  \"a\": 2\n}") }
        #expect(error?.message == "invalid JSON at line 3, column 3: member \"a\" is given twice")
    }

    @Test(arguments: ["[": "]", "{\"a\":": "}"])
    func limitsNesting(open: String, close: String) throws {
        func nested(_ depth: Int) -> String {
            String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
        }
        _ = try parse(nested(100))
        #expect(throws: SPIFFEError(.invalidJSON, "")) { try parse(nested(101)) }
        #expect(throws: SPIFFEError(.invalidJSON, "")) { try parse(String(repeating: open, count: 100_000)) }
    }

    @Test func limitsSize() throws {
        let bytes = Array("[1,2,3]".utf8)
        _ = try JSONValue(parsing: bytes, maximumBytes: 7)
        #expect(throws: SPIFFEError(.invalidJSON, "")) { try JSONValue(parsing: bytes, maximumBytes: 6) }
        #expect(throws: SPIFFEError(.invalidJSON, "")) { try parse(String(repeating: "1", count: 513)) }
    }

    @Test func keepsIntegersExact() throws {
        let value = try parse("[18446744073709551615, -9223372036854775808, 9007199254740993, 18446744073709551616]")
        let numbers = value.array?.compactMap(\.number) ?? []
        #expect(numbers.map(\.unsigned) == [UInt64.max, nil, 9_007_199_254_740_993, nil])
        #expect(numbers.map(\.signed) == [nil, Int64.min, 9_007_199_254_740_993, nil])
        #expect(
            value.description == "[18446744073709551615,-9223372036854775808,9007199254740993,18446744073709551616]")
    }

    @Test(arguments: [
        ("1.5", 1.5, false), ("1e3", 1000, false), ("-0.25E-1", -0.025, false), ("12", 12, true), ("1e999", nil, false),
    ])
    func readsDoubles(text: String, double: Double?, isInteger: Bool) throws {
        let number = try #require(try parse(text).number)
        #expect(number.double == double)
        #expect(number.isInteger == isInteger)
    }

    @Test func writesDoublesThatJSONCanExpress() {
        #expect(JSONNumber(1.5)?.text == "1.5")
        #expect(JSONNumber(3.0)?.text == "3")
        #expect(JSONNumber(Double.nan) == nil)
        #expect(JSONNumber(-Double.infinity) == nil)
    }

    @Test func keepsOrderOfMembers() throws {
        let text = #"{"b":1,"a":{"z":0,"y":[]},"c":{}}"#
        #expect(try parse(text).description == text)
    }

    @Test func comparesMembersWhateverTheirOrder() throws {
        let one = try parse(#"{"a":1,"b":[2]}"#)
        let other = try parse(#"{"b":[2],"a":1}"#)
        #expect(one == other)
        #expect(one.hashValue == other.hashValue)
        #expect(one != (try parse(#"{"a":1}"#)))
        #expect(one != (try parse(#"{"a":1,"b":[3]}"#)))
    }

    @Test func setsReplacesAndRemovesMembers() {
        var object: JSONObject = ["a": 1, "b": 2, "c": 3]
        object["b"] = nil
        object["a"] = "x"
        object["d"] = nil
        object["e"] = 5
        #expect(object.names == ["a", "c", "e"])
        #expect(object["c"] == 3)
        #expect(object["e"] == 5)
        #expect(object.dictionary == ["a": "x", "c": 3, "e": 5])
    }

    @Test func laysOutDocumentsAsGoDoes() {
        let value: JSONValue = ["keys": [["a": 1], []], "empty": [:], "text": "<a&b>\u{2028}\u{1}\n\"\\é"]
        let expected = """
            {
                "keys": [
                    {
                        "a": 1
                    },
                    []
                ],
                "empty": {},
                "text": "\\u003ca\\u0026b\\u003e\\u2028\\u0001\\n\\"\\\\é"
            }
            """
        #expect(String(decoding: value.bytes(format: .document), as: UTF8.self) == expected)
        #expect(JSONValue.string("<&>").description == #""<&>""#)
    }

    @Test func readsWhatItWroteAfterAnyChange() throws {
        var generator = SeededGenerator(seed: 1)
        let original = Array(
            #"{"keys":[{"use":"jwt-svid","n":1.5e3,"t":[true,false,null]},"\u00e9\ud83d\ude00"],"s":18446744073709551615}"#
                .utf8)
        var understood = 0
        for _ in 0..<5000 {
            let bytes = generator.mutate(original)
            guard let value = try? JSONValue(parsing: bytes, maximumBytes: 4096) else { continue }
            understood += 1
            let format = JSONFormat(indentation: understood % 3, escapesHTML: understood.isMultiple(of: 2))
            #expect(try JSONValue(parsing: value.bytes(format: format), maximumBytes: 1 << 16) == value)
        }
        #expect(understood > 50)
    }
}
