// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// The text of a `labelSelector`: `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1`.
struct LabelSelector: Sendable {
    let requirements: [Requirement]

    init(_ text: String) throws(APIStatus) {
        var requirements: [Requirement] = []
        for part in Self.parts(of: text) {
            guard let requirement = Self.requirement(part) else {
                throw .badRequest("unable to parse requirement: invalid label selector \(text.quoted)")
            }
            requirements.append(requirement)
        }
        self.requirements = requirements
    }

    func matches(_ labels: [String: String]) -> Bool {
        requirements.allSatisfy { $0.matches(labels) }
    }

    /// Splits at the commas that are not in brackets.
    private static func parts(of text: String) -> [String] {
        var parts = [""]
        var depth = 0
        for letter in text {
            switch letter {
            case "(": depth += 1
            case ")": depth -= 1
            case "," where depth == 0:
                parts.append("")
                continue
            default: break
            }
            parts[parts.count - 1].append(letter)
        }
        return parts.map(\.trimmed).filter { !$0.isEmpty }
    }

    private static func requirement(_ part: String) -> Requirement? {
        if let open = part.firstIndex(of: "("), part.last == ")" {
            let words = part[..<open].split(separator: " ").map(String.init)
            guard words.count == 2, ["in", "notin"].contains(words[1]) else { return nil }
            let values = part[part.index(after: open)...].dropLast().split(
                separator: ",", omittingEmptySubsequences: false)
            return Requirement(
                key: words[0], test: words[1] == "in" ? .isOneOf : .isNoneOf,
                values: Set(values.map { String($0).trimmed }))
        }
        for (sign, test) in [("!=", Requirement.Operator.isNoneOf), ("==", .isOneOf), ("=", .isOneOf)] {
            guard let range = part.halves(around: sign) else { continue }
            return Requirement(key: range.before, test: test, values: [range.after])
        }
        if let halves = part.halves(around: ">"), let bound = Int(halves.after) {
            return Requirement(key: halves.before, test: .isGreater(bound))
        }
        if let halves = part.halves(around: "<"), let bound = Int(halves.after) {
            return Requirement(key: halves.before, test: .isLess(bound))
        }
        if part.hasPrefix("!") { return Requirement(key: String(part.dropFirst()).trimmed, test: .isAbsent) }
        return part.contains(" ") ? nil : Requirement(key: part, test: .exists)
    }
}
