// SPDX-License-Identifier: Apache-2.0

import ComityTemplates

extension SprigFunctions {
    /// Members and defaults.
    static let values: [String: TemplateFunction] = [
        "get": TemplateFunction(2...2) { (all) throws(Refusal) in
            .string(try all.map(0)[try all.text(1)] ?? "")
        },
        "hasKey": TemplateFunction(2...2) { (all) throws(Refusal) in
            .bool(try all.map(0)[try all.text(1)] != nil)
        },
        "default": TemplateFunction(2...2) { $0[1].isTrue ? $0[1] : $0[0] },
        "empty": TemplateFunction(1...1) { .bool(!$0[0].isTrue) },
        "coalesce": TemplateFunction(1...64) { all in all.values.first { $0.isTrue } ?? .string("") },
        "ternary": TemplateFunction(3...3) { $0[2].isTrue ? $0[0] : $0[1] },
        "fail": TemplateFunction(1...1) { (all) throws(Refusal) in throw Refusal(try all.text(0)) },
    ]
}
