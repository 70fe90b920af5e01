// SPDX-License-Identifier: Apache-2.0

/// Replaces `$NAME` and `${NAME}` in text (`-expandEnv`), with the rules of Go's `os.Expand`.
package enum EnvironmentExpansion {
    /// An unset variable becomes empty, `$$` a single dollar; a dollar before anything else stays.
    package static func expand(_ text: String, _ environment: [String: String]) -> String {
        var output: [UInt8] = []
        var rest = Substring(text).utf8
        while let dollar = rest.firstIndex(of: UInt8(ascii: "$")) {
            output += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            guard let name = takeName(&rest) else {
                output.append(UInt8(ascii: "$"))
                continue
            }
            output += name == "$" ? [UInt8(ascii: "$")] : Array((environment[name] ?? "").utf8)
        }
        output += rest
        return String(decoding: output, as: UTF8.self)
    }

    /// Takes the name after a dollar; nil when there is none. Malformed braces are swallowed and name nothing.
    private static func takeName(_ rest: inout Substring.UTF8View) -> String? {
        guard let first = rest.first else { return nil }
        if first == UInt8(ascii: "{") {
            let body = rest.dropFirst()
            guard let end = body.firstIndex(of: UInt8(ascii: "}")) else {
                rest = body
                return ""
            }
            rest = body[body.index(after: end)...]
            return String(decoding: body[..<end], as: UTF8.self)
        }
        if isSpecial(first) {
            rest = rest.dropFirst()
            return String(decoding: [first], as: UTF8.self)
        }
        let name = rest.prefix(while: isNameByte)
        rest = rest[name.endIndex...]
        return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        SourceCursor.isDigit(byte) || "*#$@!?-".utf8.contains(byte)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        SourceCursor.isDigit(byte) || byte == UInt8(ascii: "_") || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
            || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
    }
}
