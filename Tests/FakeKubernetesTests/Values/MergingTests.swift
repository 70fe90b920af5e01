// SPDX-License-Identifier: Apache-2.0

import SPIFFE
import Testing

@testable import FakeKubernetes

/// Merge patches of both kinds, and taking fields away.
@Suite
struct MergingTests {
    private static let rules = MergeRules(schema: nil, isCustom: false)
    private static let value: JSONValue = [
        "data": ["a": "1", "b": "2"],
        "spec": ["containers": [["name": "x", "image": "x:1"], ["name": "y", "image": "y:1"]]],
    ]

    @Test func mergePatchRemovesWhatIsNull() {
        let patched = Self.value.mergePatched(["data": ["a": nil, "c": "3"], "spec": nil])
        #expect(patched == ["data": ["b": "2", "c": "3"]])
    }

    @Test func strategicPatchRemovesWhatIsNullAndElementsByName() {
        let patch: JSONValue = [
            "data": ["a": nil],
            "spec": ["containers": [["name": "x", "$patch": "delete"], ["name": "y", "image": "y:2"]]],
        ]
        let patched = StrategicMerge(rules: Self.rules).patched(Self.value, patch)
        #expect(patched == ["data": ["b": "2"], "spec": ["containers": [["name": "y", "image": "y:2"]]]])
    }

    @Test func fieldsOfASetAreTakenAway() {
        let all = FieldSet.of(Self.value, Self.rules)
        let kept = FieldSet.of(["data": ["b": "2"], "spec": ["containers": [["name": "y"]]]], Self.rules)
        let rest = Self.value.removing(all.subtracting(kept), Self.rules)
        #expect(rest == ["data": ["b": "2"], "spec": ["containers": [["name": "y"]]]])
    }

    @Test func fieldSetReadsWhatItHasWritten() {
        let fields = FieldSet.of(Self.value, Self.rules)
        #expect(FieldSet(fields.json) == fields)
        #expect(fields.paths().contains(#".spec.containers[name="x"].image"#))
    }
}
