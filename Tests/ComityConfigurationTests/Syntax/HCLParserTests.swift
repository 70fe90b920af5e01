// SPDX-License-Identifier: Apache-2.0

import ComityConfiguration
import Testing

@Suite struct HCLParserTests {
    private func value(_ text: String) throws -> ConfigurationNode.Value? {
        try ConfigurationNode(parsing: "key = \(text)").members?.first?.value.value
    }

    @Test(arguments: [
        (#""text""#, "text"), (#""a\tb\n\"c\"\\""#, "a\tb\n\"c\"\\"), (#""\x41\101\u00fc\U0001F600""#, "AAü😀"),
        (#""${file("a b")}/x""#, #"${file("a b")}/x"#), (#""a${b{c}d}e""#, "a${b{c}d}e"),
        ("\"${a\n}\"", "${a\n}"), (#""$a {""#, "$a {"), (#""${a\"b}""#, #"${a\"b}"#), (#""""#, ""),
        ("<<EOF\none\n  two\nEOF\n", "one\n  two\n"), ("<<-EOF\n    one\n      two\n    EOF\n", "one\n  two\n"),
        ("<<-E\n  a\nb\n  E\n", "  a\nb\n"), ("<<EOF\r\na\r\nEOF\r\n", "a\r\n"), ("<<E\nE", ""),
    ])
    func readsStrings(text: String, string: String) throws {
        #expect(try value(text) == .string(string))
    }

    @Test(arguments: [
        ("42", "42"), ("-7", "-7"), ("0x1F", "31"), ("010", "8"), ("1.5", "1.5"), ("1e3", "1e3"), ("0", "0"),
        ("-0x10", "-16"), ("2.5e+3", "2.5e+3"),
    ])
    func readsNumbers(text: String, number: String) throws {
        #expect(try value(text) == .number(number))
    }

    @Test func readsBooleansAndLists() throws {
        #expect(try value("true") == .bool(true))
        #expect(try value("false") == .bool(false))
        guard case .list(let nodes) = try value("[1, \"two\", [true], { a = 1 },\n # comment\n]") else {
            Issue.record("no list")
            return
        }
        #expect(
            nodes.map(\.value).prefix(3) == [
                .number("1"), .string("two"), .list([.init(.bool(true), at: .init(line: 1, column: 19))]),
            ])
        #expect(nodes[3].members?.first?.key == "a")
    }

    @Test func readsBlocksLabelsAndComments() throws {
        let root = try ConfigurationNode(
            parsing: """
                # hash
                // slashes
                plugins { /* block
                   comment */ DataStore "sql" { a = 1, b = 2 }
                  "quoted key" = 3 unquoted-key.x = 4
                }
                """)
        let plugins = try #require(root.members?.first)
        #expect(plugins.key == "plugins")
        #expect(plugins.place == ConfigurationPlace(line: 3, column: 1))
        let members = try #require(plugins.value.members)
        #expect(members.map(\.key) == ["DataStore", "quoted key", "unquoted-key.x"])
        #expect(members[0].value.members?.first?.key == "sql")
        #expect(members[0].value.members?.first?.value.members?.map(\.key) == ["a", "b"])
        #expect(members[0].place == ConfigurationPlace(line: 4, column: 15))
    }

    @Test func makesAllFormsOfABlockTheSame() throws {
        let forms = [
            #"a "x" { k = 1 } a "y" { k = 2 }"#, #"a { x { k = 1 } y { k = 2 } }"#,
            #"a = { x = { k = 1 } y = { k = 2 } }"#,
            #"a = [{ x = [{ k = 1 }] }, { y { k = 2 } }]"#, #"{"a": [{"x": {"k": 1}}, {"y": {"k": 2}}]}"#,
            #"{"a": {"x": [{"k": 1}], "y": {"k": 2}}}"#,
        ]
        for form in forms {
            let root = try ConfigurationNode(parsing: form)
            let members = root.members?.flatMap { $0.value.members ?? [] } ?? []
            #expect(members.map(\.key) == ["x", "y"], "\(form)")
            #expect(
                members.compactMap { $0.value.members?.first?.value.value } == [.number("1"), .number("2")], "\(form)")
        }
    }

    @Test(arguments: [
        ("server {", 1, 8, "block is not closed: \"}\" is missing"),
        ("a = ", 1, 5, "expected a value, found the end of the file"),
        ("a = b", 1, 5, "expected a value, found \"b\"; a string needs quotes"),
        ("a", 1, 2, "expected \"=\" or \"{\" after \"a\", found the end of the file"),
        ("= 1", 1, 1, "expected a key, found \"=\""), ("a b = 1", 1, 5, "a block with labels takes \"{\", found \"=\""),
        ("a = \"x\n\"", 1, 5, "string is not closed: \"\\\"\" is missing"),
        ("a = \"\\q\"", 1, 6, "unknown escape in a string"),
        ("a = \"\\xff\"", 1, 5, "escapes of the string do not form valid UTF-8"),
        ("x = 1\n  a = [1 2]", 2, 10, "expected \",\" or \"]\" in a list, found \"2\""),
        ("a = [1,", 1, 5, "list is not closed: \"]\" is missing"),
        ("/* a", 1, 1, "comment is not closed: \"*/\" is missing"),
        ("a = <<EOF\nx\n", 1, 5, "heredoc is not closed: a line with \"EOF\" is missing"),
        ("a = <<\nx\n", 1, 5, "the mark after \"<<\" must be letters and digits"),
        ("a = <x", 1, 5, "expected \"<<\" and a mark"), ("ü = 1\n}", 2, 1, "expected a key, found \"}\""),
        ("a = 0x", 1, 5, "expected a value, found \"0x\"; a string needs quotes"),
        ("a = 1\u{0}", 1, 6, "expected a key, found a control character"),
    ])
    func saysWhereReadingEnded(text: String, line: Int, column: Int, message: String) {
        let error = #expect(throws: ConfigurationSyntaxError.self) { try ConfigurationNode(parsing: text) }
        #expect(error?.message == message)
        #expect(error?.place == ConfigurationPlace(line: line, column: column))
    }

    @Test func boundsDepthAndSize() {
        let deep = String(repeating: "a {", count: 100_000)
        #expect(throws: ConfigurationSyntaxError.self) { try ConfigurationNode(parsing: deep) }
        let lists = "a = " + String(repeating: "[", count: 100_000)
        #expect(throws: ConfigurationSyntaxError.self) { try ConfigurationNode(parsing: lists) }
        let labels = String(repeating: "a ", count: 100_000) + "{}"
        #expect(throws: ConfigurationSyntaxError.self) { try ConfigurationNode(parsing: labels) }
        let large = "# " + String(repeating: "x", count: ConfigurationLimits.maximumBytes)
        let error = #expect(throws: ConfigurationSyntaxError.self) { try ConfigurationNode(parsing: large) }
        #expect(error?.message == "file is larger than 1048576 bytes")
    }
}
