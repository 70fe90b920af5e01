// SPDX-License-Identifier: Apache-2.0

import ComityConfiguration
import Testing

@Suite struct EnvironmentExpansionTests {
    @Test(arguments: [
        ("a $A b", "a 1 b"), ("${A}${B_2}", "12"), ("$A.x", "1.x"), ("$Ab", ""), ("$UNSET|", "|"), ("${UNSET}|", "|"),
        ("$$A", "$A"), ("$$$A", "$1"), ("100$", "100$"), ("$ A", "$ A"), ("$/x", "$/x"), ("${A", "A"), ("${}x", "x"),
        ("ü$A", "ü1"), ("plain", "plain"), ("$1x", "x"), ("$A$A", "11"),
    ])
    func followsGo(text: String, expanded: String) {
        #expect(EnvironmentExpansion.expand(text, ["A": "1", "B_2": "2"]) == expanded)
    }

    @Test func doesNotExpandWhatItPutIn() {
        #expect(EnvironmentExpansion.expand("$A", ["A": "$B", "B": "x"]) == "$B")
    }
}
