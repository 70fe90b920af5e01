// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import Testing

@Suite struct SelectorTests {
    @Test(arguments: [("unix:uid:1000", "unix", "uid:1000"), ("a: ", "a", " "), ("a::", "a", ":")])
    func splitsAtTheFirstColon(_ text: String, _ type: String, _ value: String) throws {
        let selector = try Selector(text)
        #expect(selector.type == type)
        #expect(selector.value == value)
        #expect(selector.description == text)
    }

    @Test(arguments: ["", "unix", ":uid", "unix:"])
    func refuses(_ text: String) {
        #expect(throws: RegistryError(.invalidArgument, "")) { try Selector(text) }
    }

    @Test func refusesNUL() {
        #expect(throws: RegistryError(.invalidArgument, "")) { try Selector("unix:a\0b") }
        #expect(throws: RegistryError(.invalidArgument, "")) { try Selector("un\0ix:a") }
    }

    @Test func refusesATypeWithColon() {
        #expect(throws: RegistryError(.invalidArgument, "")) { try Selector(type: "a:b", value: "c") }
    }

    @Test func comparesBytesNotCharacters() throws {
        let composed = try Selector("unix:path:/caf\u{e9}")
        let decomposed = try Selector("unix:path:/cafe\u{301}")
        #expect(composed.value == decomposed.value)
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
        #expect((composed < decomposed) != (decomposed < composed))
    }
}
