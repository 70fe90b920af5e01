// SPDX-License-Identifier: Apache-2.0

import ComityConfiguration
import Testing

@Suite struct JSONParserTests {
    @Test func readsEveryKindOfValueWithItsPlace() throws {
        let root = try ConfigurationNode(
            parsing: """

                  {"s": "a\\u00fc\\ud83d\\ude00\\n\\/", "n": -1.5, "t": true, "f": false, "z": null,
                   "l": [], "o": {}}
                """)
        let members = try #require(root.members)
        #expect(members.map(\.key) == ["s", "n", "t", "f", "z", "l", "o"])
        #expect(
            members.map(\.value.value) == [
                .string("aü😀\n/"), .number("-1.5"), .bool(true), .bool(false), .null, .list([]), .object([]),
            ])
        #expect(members[5].place == ConfigurationPlace(line: 3, column: 4))
    }

    @Test(arguments: [
        ("{", 1, 2, "expected \"\"\", found the end of the file"),
        ("{\"a\": 1,}", 1, 9, "expected \"\"\", found \"}\""), ("{\"a\" 1}", 1, 6, "expected \":\", found \"1\""),
        ("{\"a\": nil}", 1, 7, "expected a JSON value, found \"n\""), ("{\"a\": \"x", 1, 7, "string is not closed"),
        ("{\"a\": \"\\ud83d\"}", 1, 9, "invalid \\u escape in a string"),
        ("{\"a\": \"\\q\"}", 1, 9, "unknown escape in a string"),
        ("{\"a\": \"x\n\"}", 1, 7, "string holds a control character"),
        ("{} x", 1, 4, "expected the end of the file after the JSON object, found \"x\""),
        ("{\"a\": [1 2]}", 1, 10, "expected \",\", found \"2\""),
    ])
    func saysWhereReadingEnded(text: String, line: Int, column: Int, message: String) {
        let error = #expect(throws: ConfigurationSyntaxError.self) { try ConfigurationNode(parsing: text) }
        #expect(error?.message == message)
        #expect(error?.place == ConfigurationPlace(line: line, column: column))
    }

    @Test func boundsDepth() {
        let text = "{\"a\":" + String(repeating: "[", count: 100_000)
        #expect(throws: ConfigurationSyntaxError.self) { try ConfigurationNode(parsing: text) }
    }
}
