// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import SPIFFE
import Testing

struct YAMLTests {
    @Test(
        "plain scalars are read as kubectl reads them",
        arguments: [
            ("a: 1", ["a": 1]), ("a: -7", ["a": -7]), ("a: 0644", ["a": 420]), ("a: 0o17", ["a": 15]),
            ("a: 0x1F", ["a": 31]), ("a: true", ["a": true]), ("a: yes", ["a": true]), ("a: off", ["a": false]),
            ("a: ~", ["a": nil]), ("a:", ["a": nil]), ("a: null", ["a": nil]), ("a: \"true\"", ["a": "true"]),
            ("a: '1'", ["a": "1"]), ("a: !!str 1", ["a": "1"]), ("a: 2024-01-02", ["a": "2024-01-02"]),
            ("a: 1h30m", ["a": "1h30m"]), ("a: 12:30:45", ["a": "12:30:45"]), ("a: 1.2.3", ["a": "1.2.3"]),
            ("a: 18446744073709551615", ["a": .number(JSONNumber(UInt64.max))]),
            ("a: k8s:ns:default", ["a": "k8s:ns:default"]),
            ("1: a", ["1": "a"]), ("true: a", ["true": "a"]), ("a: |\n  x\n  y\n", ["a": "x\ny\n"]),
            ("a: >-\n  x\n  y\n", ["a": "x y"]), ("a: 1.5", ["a": .number(JSONNumber(1.5)!)]), ("a: []", ["a": []]),
            ("a: &x {b: 1}\nc: *x", ["a": ["b": 1], "c": ["b": 1]]),
            ("a: &x {b: 1, d: 2}\nc: {<<: *x, d: 3}", ["a": ["b": 1, "d": 2], "c": ["b": 1, "d": 3]]),
        ] as [(String, JSONValue)])
    func scalars(text: String, value: JSONValue) throws {
        #expect(try YAML.documents(text, maximumBytes: 1000) == [value])
    }

    @Test("documents are told apart and empty ones left out") func documents() throws {
        let text = "---\n# only a comment\n---\na: 1\n---\n---\nb: 2\n...\n"
        #expect(try YAML.documents(text, maximumBytes: 1000) == [["a": 1], ["b": 2]])
        #expect(try YAML.documents("", maximumBytes: 0) == [])
    }

    @Test("JSON is YAML too") func json() throws {
        #expect(try YAML.documents(#"{"a": ["b", 1, null]}"#, maximumBytes: 1000) == [["a": ["b", 1, nil]]])
    }

    @Test(
        "what is wrong is told by its line, without the text, which may be secret",
        arguments: [
            ("token: secret\n b: [", "line 2"), ("a: secret\na: 2\n", "names a key twice"),
            ("? [secret]\n: 1\n", "no text"),
            ("a: .inf", "cannot express"), ("a: *secret", "invalid YAML"), ("<<: secret", "is no mapping"),
        ])
    func faults(text: String, expected: String) {
        let error = #expect(throws: KubernetesError.self) { try YAML.documents(text, maximumBytes: 1000) }
        #expect(error?.message.contains(expected) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("secret") == false, "\(error?.message ?? "")")
    }

    @Test("texts that are too long, too deep, or too much once aliases are followed are refused") func bounds() {
        #expect(throws: KubernetesError.self) { try YAML.documents("a: 1", maximumBytes: 3) }
        let deep = String(repeating: "[", count: 150) + String(repeating: "]", count: 150)
        #expect(throws: KubernetesError.self) { try YAML.documents(deep, maximumBytes: 1000) }
        var laughs = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
        for level in 1...9 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ",")
            laughs += "a\(level): &a\(level) [\(aliases)]\n"
        }
        let error = #expect(throws: KubernetesError.self) { try YAML.documents(laughs, maximumBytes: 10_000) }
        #expect(error?.message.contains("more than 1000000 values") == true)
    }

    static let texts = [
        "", " ", "a", "true", "yes", "y", "on", "null", "~", "1", "-1", "1e3", "0x1", "0644", ".5", "1:30",
        "2024-01-02", "a: b",
        "a #b", "- a", "#a", "&a", "*a", "!a", "%a", "@a", "`a", "\"a\"", "'a'", "{a}", "[a]", "a,b", ">", "|", "a:",
        "=", "<<",
        "two\nlines", "two\nlines\n", "three\n\nlines\n\n", " leading\nspace", "\nleading break", "tab\tin\nit",
        "trailing \nspace",
        "\u{1F600}\nsmile", "ünïcode", "\u{0007}bell", "mark\u{FEFF}\nline", "carriage\r\nreturn",
        "\u{2028}separator\nline",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", "spiffe://example.org/ns/default",
        "a\u{00A0}b\nc",
        "\u{0085}next\nline",
    ]

    @Test("every text comes back as it was written", arguments: texts) func roundTrip(_ text: String) throws {
        let value: JSONValue = ["key": .string(text), "list": [.string(text)], "\(text)k": 1]
        let written = YAML.text(value)
        #expect(try YAML.documents(written, maximumBytes: 10_000) == [value], "\(written)")
    }

    @Test("is written in block style, in order, with texts of several lines as such") func layout() {
        let value: JSONValue = [
            "kind": "ConfigMap", "data": ["bundle": "{\n  \"keys\": []\n}\n", "flag": "true", "empty": ""],
            "list": ["a", 1, nil, true],
            "none": [], "nothing": [:],
        ]
        #expect(
            YAML.text(value) == """
                kind: ConfigMap
                data:
                  bundle: |
                    {
                      "keys": []
                    }
                  flag: "true"
                  empty: ""
                list:
                - a
                - 1
                - null
                - true
                none: []
                nothing: {}

                """)
    }
}
