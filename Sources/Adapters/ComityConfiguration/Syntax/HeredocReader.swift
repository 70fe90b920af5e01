// SPDX-License-Identifier: Apache-2.0

/// Reads `<<MARK` and `<<-MARK` up to the line that holds only the mark.
struct HeredocReader {
    private(set) var cursor: SourceCursor

    init(cursor: SourceCursor) {
        self.cursor = cursor
    }

    mutating func read() throws(ConfigurationSyntaxError) -> String {
        let opened = cursor.place
        guard cursor.skip(UInt8(ascii: "<")), cursor.skip(UInt8(ascii: "<")) else {
            throw ConfigurationSyntaxError("expected \"<<\" and a mark", at: opened)
        }
        let isIndented = cursor.skip(UInt8(ascii: "-"))
        let mark = withoutReturn(cursor.readLine())
        guard !mark.isEmpty, mark.allSatisfy(Self.isMarkByte) else {
            throw ConfigurationSyntaxError("the mark after \"<<\" must be letters and digits", at: opened)
        }
        var lines: [[UInt8]] = []
        while !cursor.isAtEnd {
            let line = cursor.readLine()
            let indentation = line.prefix(while: SourceCursor.isWhitespace)
            if withoutReturn(Array(line.dropFirst(indentation.count))) == mark {
                return text(lines, without: isIndented ? Array(indentation) : [])
            }
            lines.append(line)
        }
        throw ConfigurationSyntaxError(
            "heredoc is not closed: a line with \"\(String(decoding: mark.prefix(64), as: UTF8.self))\" is missing",
            at: opened)
    }

    /// Takes the closing line's indentation from every line, or from none when one lacks it (as hashicorp/hcl does).
    private func text(_ lines: [[UInt8]], without indentation: [UInt8]) -> String {
        let isCommon = lines.allSatisfy { $0.starts(with: indentation) }
        let dropped = isCommon ? indentation.count : 0
        return lines.map { String(decoding: $0.dropFirst(dropped), as: UTF8.self) + "\n" }.joined()
    }

    private func withoutReturn(_ line: [UInt8]) -> [UInt8] {
        line.last == UInt8(ascii: "\r") ? Array(line.dropLast()) : line
    }

    private static func isMarkByte(_ byte: UInt8) -> Bool {
        SourceCursor.isDigit(byte) || byte == UInt8(ascii: "_") || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
            || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte || byte >= 0x80
    }
}
