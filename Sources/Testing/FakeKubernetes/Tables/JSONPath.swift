// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// The part of Kubernetes' JSONPath that printer columns use: `.a.b`, `['a.b']`, `[0]`, `[*]`, `[?(@.a=="b")]`.
struct JSONPath: Sendable {
    private enum Step: Sendable {
        case member(String)
        case element(Int)
        case each
        case only(path: [String], value: String)
    }

    private let steps: [Step]

    init(_ text: String) {
        var steps: [Step] = []
        var rest = text[...]
        while let sign = rest.first {
            rest = rest.dropFirst()
            switch sign {
            case "[":
                let inner = rest.prefix(Self.bracketLength(rest))
                rest = rest.dropFirst(inner.count + 1)
                steps.append(Self.step(String(inner)))
            case ".": break
            default:
                var name = String(sign)
                while let next = rest.first, next != ".", next != "[" {
                    // A dot that belongs to the name, as in `.metadata.labels.a\.b`.
                    if next == "\\" { rest = rest.dropFirst() }
                    name.append(rest.removeFirst())
                }
                steps.append(.member(name))
            }
        }
        self.steps = steps
    }

    /// What the path leads to in a value, in order.
    func values(in value: JSONValue) -> [JSONValue] {
        steps.reduce([value]) { values, step in
            values.flatMap { value in
                switch step {
                case .member(let name): value[name].map { [$0] } ?? []
                case .element(let index):
                    value.array.flatMap { $0.indices.contains(index) ? [$0[index]] : [] } ?? []
                case .each: value.array ?? value.object?.members.map(\.value) ?? []
                case .only(let path, let wanted): (value.array ?? []).filter { $0[at: path]?.string == wanted }
                }
            }
        }
    }

    private static func bracketLength(_ text: Substring) -> Int {
        var depth = 1
        for (position, letter) in text.enumerated() {
            if letter == "[" { depth += 1 }
            if letter == "]" { depth -= 1 }
            if depth == 0 { return position }
        }
        return text.count
    }

    private static func step(_ inner: String) -> Step {
        if inner == "*" { return .each }
        if let index = Int(inner) { return .element(index) }
        if inner.hasPrefix("?(@."), let halves = inner.dropFirst(4).dropLast().description.halves(around: "==") {
            let value = halves.after.filter { $0 != "\"" && $0 != "'" }
            return .only(path: halves.before.split(separator: ".").map(String.init), value: value)
        }
        return .member(inner.filter { $0 != "\"" && $0 != "'" })
    }
}
