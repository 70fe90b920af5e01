// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import SPIFFE
import Testing

@Suite struct BundleAcceptanceTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var stored: (keys: [String], sequence: UInt64?, hint: Int64?)?
        var fetched: (keys: [String], sequence: UInt64?, hint: Int64?)
        var expected: String
        var testDescription: String { name }
    }

    @Test(
        "FED-08: the sequence decides; D-22: a rollback is refused",
        arguments: [
            Case(name: "nothing stored", stored: nil, fetched: (["a"], 1, 60), expected: "store"),
            Case(name: "same again", stored: (["a"], 7, 60), fetched: (["a"], 7, 60), expected: "unchanged"),
            Case(
                name: "other order", stored: (["a", "b"], 7, 60), fetched: (["b", "a"], 7, 60), expected: "unchanged"),
            Case(name: "lower sequence", stored: (["a"], 7, 60), fetched: (["b"], 6, 60), expected: "refuse"),
            Case(name: "lower, same keys", stored: (["a"], 7, 60), fetched: (["a"], 6, 60), expected: "refuse"),
            Case(name: "lower is zero", stored: (["a"], 7, 60), fetched: (["a"], 0, 60), expected: "refuse"),
            Case(name: "equal, other keys", stored: (["a"], 7, 60), fetched: (["b"], 7, 60), expected: "store"),
            Case(name: "higher sequence", stored: (["a"], 7, 60), fetched: (["b"], 8, 60), expected: "store"),
            Case(name: "higher, same keys", stored: (["a"], 7, 60), fetched: (["a"], 8, 60), expected: "store"),
            Case(name: "other hint", stored: (["a"], 7, 60), fetched: (["a"], 7, 90), expected: "store"),
            Case(name: "neither numbered", stored: (["a"], nil, nil), fetched: (["b"], nil, nil), expected: "store"),
            Case(name: "numbering begins", stored: (["a"], nil, nil), fetched: (["b"], 1, nil), expected: "store"),
            Case(name: "numbering ends", stored: (["a"], 7, nil), fetched: (["b"], nil, nil), expected: "store"),
            Case(name: "no keys", stored: (["a"], 7, 60), fetched: ([], 8, 60), expected: "store"),
            Case(name: "zero is absent", stored: (["a"], 0, 0), fetched: (["a"], nil, nil), expected: "unchanged"),
            Case(
                name: "64 bits", stored: (["a"], .max, 60), fetched: (["a"], .max - 1, 60), expected: "refuse"),
        ])
    func judges(_ example: Case) throws {
        let stored = try example.stored.map {
            try bundle("beta.test", keys: $0.keys, sequence: $0.sequence, hint: $0.hint)
        }
        let fetched = try bundle(
            "beta.test", keys: example.fetched.keys, sequence: example.fetched.sequence, hint: example.fetched.hint)
        switch BundleAcceptance(of: fetched, over: stored) {
        case .store: #expect(example.expected == "store")
        case .unchanged: #expect(example.expected == "unchanged")
        case .refuse(let failure):
            #expect(example.expected == "refuse")
            #expect(failure.class == .rollback)
        }
    }

    @Test("D-22: the refusal names both numbers and the way on") func refusalIsReadable() throws {
        let verdict = BundleAcceptance(
            of: try bundle("beta.test", sequence: 6), over: try bundle("beta.test", sequence: 7))
        guard case .refuse(let failure) = verdict else {
            Issue.record("rollback was not refused")
            return
        }
        #expect(failure.message.contains("sequence number 6, lower than 7"))
        #expect(failure.message.contains("bundle set -id beta.test"))
    }

    @Test("FED-09: what the operator set is the baseline from then on") func operatorSetIsTheBaseline() throws {
        let set = try bundle("beta.test", keys: ["set"], sequence: 2)
        let polled = try bundle("beta.test", keys: ["polled"], sequence: 3)
        #expect(BundleAcceptance(of: polled, over: set) == .store)
    }
}
