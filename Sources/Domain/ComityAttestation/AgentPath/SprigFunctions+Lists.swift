// SPDX-License-Identifier: Apache-2.0

import ComityTemplates

extension SprigFunctions {
    /// Functions that make lists or take them.
    static let lists: [String: TemplateFunction] = [
        "list": TemplateFunction(0 ... .max) { .list($0.values) },
        "splitList": splitting,
        "join": TemplateFunction(2...2) { (all) throws(Refusal) in
            let separator = try all.text(0)
            guard case .list(let list) = all[1] else { return .string(all[1].text) }
            return .string(list.map(\.text).joined(separator: separator))
        },
        "first": member { $0.first },
        "last": member { $0.last },
        "rest": part { Array($0.dropFirst()) },
        "initial": part { Array($0.dropLast()) },
        "reverse": part { $0.reversed() },
        "sortAlpha": part { list in list.sorted { $0.text < $1.text } },
        "uniq": part { list in
            var seen: Set<TemplateValue> = []
            return list.filter { seen.insert($0).inserted }
        },
        "compact": part { list in list.filter(\.isTrue) },
        "has": TemplateFunction(2...2) { (all) throws(Refusal) in .bool(try all.list(1).contains(all[0])) },
        "slice": TemplateFunction(1...3) { (all) throws(Refusal) in
            let list = try all.list(0)
            let start = all.count > 1 ? try all.integer(1) : 0
            let end = all.count > 2 ? try all.integer(2) : list.count
            guard 0 <= start, start <= end, end <= list.count else { throw Refusal("index out of range: \(end)") }
            return .list(Array(list[start..<end]))
        },
        // From sshpop, which had them before the others.
        "split": splitting,
        "pipeindex": TemplateFunction(2...2) { (all) throws(Refusal) in
            let (index, list) = (try all.integer(0), try all.list(1))
            guard list.indices.contains(index) else { throw Refusal("index out of range: \(index)") }
            return list[index]
        },
    ]

    private static let splitting = TemplateFunction(2...2) { (all) throws(Refusal) in
        let (separator, text) = (try all.text(0), try all.text(1))
        guard !separator.isEmpty else { return .strings(text.map { String($0) }) }
        return .strings(text.split(separator: separator, omittingEmptySubsequences: false).map(String.init))
    }

    /// A member of a list; of an empty one, nothing.
    private static func member(_ body: @escaping @Sendable ([TemplateValue]) -> TemplateValue?) -> TemplateFunction {
        TemplateFunction(1...1) { (all) throws(Refusal) in body(try all.list(0)) ?? .string("") }
    }

    private static func part(_ body: @escaping @Sendable ([TemplateValue]) -> [TemplateValue]) -> TemplateFunction {
        TemplateFunction(1...1) { (all) throws(Refusal) in .list(body(try all.list(0))) }
    }
}
