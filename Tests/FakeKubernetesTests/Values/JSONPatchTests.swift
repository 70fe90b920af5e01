// SPDX-License-Identifier: Apache-2.0

import SPIFFE
import Testing

@testable import FakeKubernetes

@Suite
struct JSONPatchTests {
    private static let value: JSONValue = ["a": ["b": 1], "list": ["x", "y"], "s/t": 2]

    @Test(
        arguments: [
            (#"[{"op":"add","path":"/a/c","value":2}]"#, ["a": ["b": 1, "c": 2], "list": ["x", "y"], "s/t": 2]),
            (#"[{"op":"add","path":"/list/1","value":"z"}]"#, ["a": ["b": 1], "list": ["x", "z", "y"], "s/t": 2]),
            (#"[{"op":"remove","path":"/list/0"}]"#, ["a": ["b": 1], "list": ["y"], "s/t": 2]),
            (#"[{"op":"replace","path":"/s~1t","value":3}]"#, ["a": ["b": 1], "list": ["x", "y"], "s/t": 3]),
            (#"[{"op":"move","from":"/a/b","path":"/b"}]"#, ["a": [:], "b": 1, "list": ["x", "y"], "s/t": 2]),
            (
                #"[{"op":"copy","from":"/a","path":"/c"}]"#,
                ["a": ["b": 1], "c": ["b": 1], "list": ["x", "y"], "s/t": 2]
            ),
            (#"[{"op":"test","path":"/a/b","value":1}]"#, ["a": ["b": 1], "list": ["x", "y"], "s/t": 2]),
        ] as [(String, JSONValue)])
    func changes(patch: String, to result: JSONValue) throws {
        let patch = try JSONPatch(try JSONValue(parsing: Array(patch.utf8), maximumBytes: 1000))
        #expect(try patch.applied(to: Self.value) == result)
    }

    @Test(arguments: [
        #"{}"#, #"[{"op":"test","path":"/a/b","value":2}]"#, #"[{"op":"remove","path":"/none"}]"#,
        #"[{"op":"add","path":"/list/7","value":1}]"#, #"[{"op":"add","path":"/s~1t/x","value":1}]"#,
        #"[{"op":"jump","path":"/a"}]"#, #"[{"op":"remove","path":"a"}]"#,
    ])
    func isRefused(patch: String) throws {
        let value = try JSONValue(parsing: Array(patch.utf8), maximumBytes: 1000)
        #expect(throws: APIStatus.self) { try JSONPatch(value).applied(to: Self.value) }
    }
}
