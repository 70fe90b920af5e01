// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// What was found out about one thing.
struct Inspection: Hashable {
    enum Verdict: Hashable {
        /// The reason says by what.
        case valid(String)
        case invalid(String)
        /// It is well formed, and there was nothing to check it by.
        case unchecked(String)
    }

    /// What it is, such as `X509-SVID`.
    let kind: String
    /// In the order in which they are shown; texts or lists of texts.
    var facts: [Fact] = []
    var verdict: Verdict

    struct Fact: Hashable {
        let label: String
        /// The name in JSON.
        let name: String
        let values: [String]
        let isList: Bool
    }

    private static let width = 18

    mutating func add(_ label: String, _ name: String, _ value: String) {
        facts.append(Fact(label: label, name: name, values: [value], isList: false))
    }

    mutating func add(_ label: String, _ name: String, _ values: [String]) {
        facts.append(Fact(label: label, name: name, values: values, isList: true))
    }

    var isValid: Bool {
        if case .invalid = verdict { return false }
        return true
    }

    var text: String {
        let lines = facts.flatMap { fact in fact.values.map { line(fact.label, $0) } }
        return "\(kind)\n" + lines.joined() + line("Verdict", verdictText)
    }

    var json: JSONValue {
        var object = JSONObject()
        object["kind"] = .string(kind)
        for fact in facts { object[fact.name] = fact.isList ? .strings(fact.values) : .string(fact.values[0]) }
        switch verdict {
        case .valid(let reason): (object["valid"], object["reason"]) = (true, .string(reason))
        case .invalid(let reason): (object["valid"], object["reason"]) = (false, .string(reason))
        // Neither true nor false: whoever reads `valid` must not take it for a yes.
        case .unchecked(let reason): object["reason"] = .string(reason)
        }
        return .object(object)
    }

    private var verdictText: String {
        switch verdict {
        case .valid(let reason): "valid: \(reason)"
        case .invalid(let reason): "not valid: \(reason)"
        case .unchecked(let reason): "not checked: \(reason)"
        }
    }

    private func line(_ label: String, _ value: String) -> String {
        "\(label.padded(to: Self.width)): \(value)\n"
    }
}
