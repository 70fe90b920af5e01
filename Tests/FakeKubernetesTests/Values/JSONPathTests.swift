// SPDX-License-Identifier: Apache-2.0

import SPIFFE
import Testing

@testable import FakeKubernetes

@Suite
struct JSONPathTests {
    private static let value: JSONValue = [
        "spec": ["size": 3, "ports": [["name": "a", "port": 1], ["name": "b", "port": 2]]],
        "metadata": ["labels": ["app.kubernetes.io/name": "web"]],
    ]

    @Test(
        arguments: [
            (".spec.size", [3]), (".spec.ports[*].port", [1, 2]), (".spec.ports[1].name", ["b"]),
            (#".spec.ports[?(@.name=="b")].port"#, [2]), (".spec.none", []), (".spec.ports[5]", []),
            (#".metadata.labels.app\.kubernetes\.io/name"#, ["web"]),
            (".metadata.labels['app.kubernetes.io/name']", ["web"]),
        ] as [(String, [JSONValue])])
    func leads(path: String, to values: [JSONValue]) {
        #expect(JSONPath(path).values(in: Self.value) == values)
    }
}
