// SPDX-License-Identifier: Apache-2.0

import ComityConfiguration
import Testing

@Suite struct SuggestionTests {
    @Test(arguments: [
        ("trust_domian", "trust_domain"), ("TRUST_DOMAIN", "trust_domain"), ("bind_prot", "bind_port"),
        ("something_else", nil), ("", nil),
    ])
    func findsTheWordThatWasMeant(_ word: String, _ expected: String?) {
        #expect(Suggestion.nearest(to: word, among: ["bind_port", "trust_domain"]) == expected)
    }

    @Test func prefersFewerEditsThenTheAlphabet() {
        #expect(Suggestion.nearest(to: "sho", among: ["shot", "show", "so"]) == "shot")
        #expect(Suggestion.nearest(to: "show", among: ["shown", "shop", "show"]) == "show")
    }

    @Test func doesNotCompareWordsOfAnyLength() {
        let word = String(repeating: "a", count: 65)
        #expect(Suggestion.nearest(to: word, among: [word]) == nil)
    }
}
