// SPDX-License-Identifier: Apache-2.0

extension TemplateFunction {
    /// Truth, equality and access to members.
    static let comparisons: [String: Rule] = [
        "and": Rule(1...64) { all in all.values.first { !$0.isTrue } ?? all[all.count - 1] },
        "or": Rule(1...64) { all in all.values.first { $0.isTrue } ?? all[all.count - 1] },
        "not": Rule(1...1) { .bool(!$0[0].isTrue) },
        "eq": Rule(2...64) { all in .bool(all.values.dropFirst().contains(all[0])) },
        "ne": Rule(2...2) { .bool($0[0] != $0[1]) },
        "len": Rule(1...1) { (all) throws(TemplateError) in
            switch all[0] {
            case .string(let text): .integer(text.utf8.count)
            case .list(let list): .integer(list.count)
            case .map(let members): .integer(members.count)
            default: throw TemplateError("len of type \(all[0].kind)")
            }
        },
        "index": Rule(1...64) { (all) throws(TemplateError) in
            var value = all[0]
            for key in all.values.dropFirst() { value = try element(of: value, at: key) }
            return value
        },
        "get": Rule(2...2) { (all) throws(TemplateError) in
            guard case .map(let members) = all[0] else { throw TemplateError("expected dict; got \(all[0].kind)") }
            return members[try all.text(1)] ?? .string("")
        },
        "hasKey": Rule(2...2) { (all) throws(TemplateError) in
            guard case .map(let members) = all[0] else { throw TemplateError("expected dict; got \(all[0].kind)") }
            return .bool(members[try all.text(1)] != nil)
        },
        "default": Rule(2...2) { $0[1].isTrue ? $0[1] : $0[0] },
        "empty": Rule(1...1) { .bool(!$0[0].isTrue) },
        "coalesce": Rule(1...64) { all in all.values.first { $0.isTrue } ?? .string("") },
        "ternary": Rule(3...3) { $0[2].isTrue ? $0[0] : $0[1] },
        "fail": Rule(1...1) { (all) throws(TemplateError) in throw TemplateError(try all.text(0)) },
    ]

    private static func element(
        of value: TemplateValue, at key: TemplateValue
    ) throws(TemplateError) -> TemplateValue {
        switch (value, key) {
        case (.list(let list), .integer(let index)):
            guard list.indices.contains(index) else { throw TemplateError("index out of range: \(index)") }
            return list[index]
        case (.map(let members), .string(let name)): return members[name] ?? .string("")
        case (.list, _): throw TemplateError("cannot index list with \(key.kind)")
        default: throw TemplateError("can't index item of type \(value.kind)")
        }
    }
}
