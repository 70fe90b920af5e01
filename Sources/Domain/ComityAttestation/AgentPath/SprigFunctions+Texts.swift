// SPDX-License-Identifier: Apache-2.0

import ComityTemplates
import Crypto
import FoundationEssentials
import SPIFFE

extension SprigFunctions {
    /// Functions on strings. Where sprig takes the string last, so do they, for the sake of pipelines.
    static let texts: [String: TemplateFunction] = [
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
        "toString": TemplateFunction(1...1) { .string($0[0].text) },
        "trimAll": pair { set, text in trim(text) { set.contains($0) } },
        "trimPrefix": pair { prefix, text in text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text },
        "trimSuffix": pair { suffix, text in text.hasSuffix(suffix) ? String(text.dropLast(suffix.count)) : text },
        "contains": test { part, text in part.isEmpty || text.contains(part) },
        "hasPrefix": test { prefix, text in text.hasPrefix(prefix) },
        "hasSuffix": test { suffix, text in text.hasSuffix(suffix) },
        "trunc": TemplateFunction(2...2) { (all) throws(Refusal) in
            let (length, text) = (try all.integer(0), try all.text(1))
            return .string(String(length >= 0 ? text.prefix(length) : text.suffix(-max(length, -text.count))))
        },
        "substr": TemplateFunction(3...3) { (all) throws(Refusal) in
            let (text, start, end) = (Array(try all.text(2)), max(0, try all.integer(0)), try all.integer(1))
            let last = end < 0 || end > text.count ? text.count : end
            return .string(start < last ? String(text[start..<last]) : "")
        },
        "replace": TemplateFunction(3...3) { (all) throws(Refusal) in
            let (old, new, text) = (try all.text(0), try all.text(1), try all.text(2))
            guard !old.isEmpty else { throw Refusal("nothing to replace") }
            guard text.ranges(of: old).count <= all.maximumBytes / max(1, new.utf8.count) else {
                throw .tooLong(all.maximumBytes)
            }
            return .string(text.replacing(old, with: new))
        },
        "repeat": TemplateFunction(2...2) { (all) throws(Refusal) in
            let (count, text) = (try all.integer(0), try all.text(1))
            guard count >= 0 else { throw Refusal("bad count \(count)") }
            guard count <= all.maximumBytes / max(1, text.utf8.count) else { throw .tooLong(all.maximumBytes) }
            return .string(String(repeating: text, count: count))
        },
    ]

    private static func text(_ body: @escaping @Sendable (String) -> String) -> TemplateFunction {
        TemplateFunction(1...1) { (all) throws(Refusal) in .string(body(try all.text(0))) }
    }

    private static func pair(_ body: @escaping @Sendable (String, String) -> String) -> TemplateFunction {
        TemplateFunction(2...2) { (all) throws(Refusal) in .string(body(try all.text(0), try all.text(1))) }
    }

    private static func test(_ body: @escaping @Sendable (String, String) -> Bool) -> TemplateFunction {
        TemplateFunction(2...2) { (all) throws(Refusal) in .bool(body(try all.text(0), try all.text(1))) }
    }

    private static func trim(_ text: String, _ isOutside: (Character) -> Bool) -> String {
        var rest = text[...].drop(while: isOutside)
        while let last = rest.last, isOutside(last) { rest.removeLast() }
        return String(rest)
    }
}
