// SPDX-License-Identifier: Apache-2.0

/// The text of a template with its name, for messages that say where.
struct TemplateSource: Hashable, Sendable {
    let name: String
    let bytes: [UInt8]

    /// A byte's character in quotes.
    func quoted(at offset: Int) -> String {
        guard bytes.indices.contains(offset) else { return "EOF" }
        let character = String(decoding: bytes[offset...].prefix(4), as: UTF8.self).first.map(String.init) ?? ""
        return "\"\(character)\""
    }

    /// What stands between two places, without white space around it.
    func text(from start: Int, to end: Int) -> String {
        var text = bytes[start..<max(start, min(end, bytes.count))]
        while let last = text.last, last == 0x20 || (0x09...0x0D).contains(last) { text = text.dropLast() }
        return String(decoding: text, as: UTF8.self)
    }

    /// The letters that stand at a place.
    func word(at start: Int) -> String {
        String(decoding: bytes[start...].prefix { (0x61...0x7A).contains($0) }, as: UTF8.self)
    }

    func syntaxError(_ message: String, at offset: Int) -> TemplateError {
        TemplateError(.syntax, "template: \(name):\(line(of: offset)): \(message)")
    }

    /// - Parameter place: What of the template was at work.
    func executionError(_ message: String, at offset: Int, in place: String) -> TemplateError {
        let lines = bytes[..<min(offset, bytes.count)]
        let column = lines.reversed().prefix { $0 != UInt8(ascii: "\n") }.count
        return TemplateError(
            .execution,
            "template: \(name):\(line(of: offset)):\(column): executing \"\(name)\" at <\(place)>: \(message)")
    }

    private func line(of offset: Int) -> Int {
        bytes[..<min(offset, bytes.count)].count { $0 == UInt8(ascii: "\n") } + 1
    }
}
