// SPDX-License-Identifier: Apache-2.0

import Crypto
import FoundationEssentials
import SPIFFE

extension TemplateFunction {
    /// Functions on strings. Where sprig takes the string last, so do they, for the sake of pipelines.
    static let texts: [String: Rule] = [
        "lower": text { $0.lowercased() },
        "upper": text { $0.uppercased() },
        "trim": text { trim($0, \.isWhitespace) },
        "nospace": text { $0.filter { !$0.isWhitespace } },
        "untitle": text { $0.prefix(1).lowercased() + $0.dropFirst() },
        "title": text { $0.prefix(1).uppercased() + $0.dropFirst() },
        "sha1sum": text { Insecure.SHA1.hash(data: Array($0.utf8)).hex },
        "sha256sum": text { SHA256.hash(data: Array($0.utf8)).hex },
        "b64enc": text { Base64.standard.encode(Array($0.utf8)) },
        "base": text { path in String(path.split(separator: "/").last ?? (path.isEmpty ? "." : "/")) },
        "toString": Rule(1...1) { .string($0[0].text) },
        "print": Rule(any) { all in .string(all.values.map(\.text).joined()) },
        "printf": Rule(1...64) { (all) throws(TemplateError) in
            .string(try format(try all.text(0), Array(all.values.dropFirst())))
        },
        "trimAll": pair { set, text in trim(text) { set.contains($0) } },
        "trimPrefix": pair { prefix, text in text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text },
        "trimSuffix": pair { suffix, text in text.hasSuffix(suffix) ? String(text.dropLast(suffix.count)) : text },
        "contains": test { part, text in part.isEmpty || text.contains(part) },
        "hasPrefix": test { prefix, text in text.hasPrefix(prefix) },
        "hasSuffix": test { suffix, text in text.hasSuffix(suffix) },
        "trunc": Rule(2...2) { (all) throws(TemplateError) in
            let (length, text) = (try all.integer(0), try all.text(1))
            return .string(String(length >= 0 ? text.prefix(length) : text.suffix(-max(length, -text.count))))
        },
        "substr": Rule(3...3) { (all) throws(TemplateError) in
            let (text, start, end) = (Array(try all.text(2)), max(0, try all.integer(0)), try all.integer(1))
            let last = end < 0 || end > text.count ? text.count : end
            return .string(start < last ? String(text[start..<last]) : "")
        },
        "replace": Rule(3...3) { (all) throws(TemplateError) in
            let old = try all.text(0)
            guard !old.isEmpty else { throw TemplateError("nothing to replace") }
            return .string(try bounded(try all.text(2).replacing(old, with: try all.text(1))))
        },
        "repeat": Rule(2...2) { (all) throws(TemplateError) in
            let (count, text) = (try all.integer(0), try all.text(1))
            guard (0...TemplateEvaluation.maximumLength).contains(count) else {
                throw TemplateError("bad count \(count)")
            }
            return .string(try bounded(String(repeating: text, count: count)))
        },
    ]

    private static func text(_ body: @escaping @Sendable (String) -> String) -> Rule {
        Rule(1...1) { (all) throws(TemplateError) in .string(try bounded(body(try all.text(0)))) }
    }

    private static func pair(_ body: @escaping @Sendable (String, String) -> String) -> Rule {
        Rule(2...2) { (all) throws(TemplateError) in .string(body(try all.text(0), try all.text(1))) }
    }

    private static func test(_ body: @escaping @Sendable (String, String) -> Bool) -> Rule {
        Rule(2...2) { (all) throws(TemplateError) in .bool(body(try all.text(0), try all.text(1))) }
    }

    /// What could not be part of a path anyway is not worth the memory.
    private static func bounded(_ text: String) throws(TemplateError) -> String {
        guard text.utf8.count <= 8 * TemplateEvaluation.maximumLength else { throw TemplateError("string is too long") }
        return text
    }

    private static func trim(_ text: String, _ isOutside: (Character) -> Bool) -> String {
        var rest = text[...].drop(while: isOutside)
        while let last = rest.last, isOutside(last) { rest.removeLast() }
        return String(rest)
    }

    /// The verbs `%s`, `%v`, `%d` and `%%`.
    private static func format(_ format: String, _ values: [TemplateValue]) throws(TemplateError) -> String {
        var result = ""
        var values = values[...]
        var rest = format[...]
        while let percent = rest.firstIndex(of: "%") {
            result += rest[..<percent]
            rest = rest[rest.index(after: percent)...]
            switch rest.popFirst() {
            case "%"?: result += "%"
            case let verb? where verb == "s" || verb == "v" || verb == "d":
                guard let value = values.popFirst() else { throw TemplateError("missing argument for %\(verb)") }
                result += value.text
            default: throw TemplateError("only %s, %v, %d and %% are supported")
            }
        }
        guard values.isEmpty else { throw TemplateError("too many arguments") }
        return try bounded(result + rest)
    }
}
