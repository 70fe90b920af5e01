// SPDX-License-Identifier: Apache-2.0

/// One block of a PEM text (RFC 7468): a label and bytes.
package struct PEMBlock: Hashable, Sendable {
    /// What the bytes are, such as `CERTIFICATE`.
    package let label: String
    package let bytes: [UInt8]

    private static let begin = Array("-----BEGIN ".utf8)
    private static let end = Array("-----END ".utf8)
    private static let dashes = Array("-----".utf8)
    private static let lineLength = 64

    package init(label: String, bytes: [UInt8]) {
        self.label = label
        self.bytes = bytes
    }

    /// The block as a text with a final line break.
    package var text: String {
        let letters = Array(Base64.standard.encode(bytes).utf8)
        var text = "-----BEGIN \(label)-----\n"
        for start in stride(from: 0, to: letters.count, by: Self.lineLength) {
            text += String(decoding: letters[start...].prefix(Self.lineLength), as: UTF8.self) + "\n"
        }
        return text + "-----END \(label)-----\n"
    }

    /// Says whether a text has a line that begins a block.
    package static func isPresent(in bytes: [UInt8]) -> Bool {
        lines(of: bytes).contains { $0.starts(with: begin) }
    }

    /// Reads all blocks of a text; other text may stand before, between and after them, as `openssl` writes it.
    ///
    /// Refused are a block that does not end, one that ends under another label, any other line of dashes, headers within
    /// a block, and content that is not strict base64: a text that was cut or changed is not read in part.
    ///
    /// - Throws: ``SPIFFEError`` with code `invalidBundle`; the message names the line.
    package static func parse(_ bytes: [UInt8]) throws(SPIFFEError) -> [PEMBlock] {
        var blocks: [PEMBlock] = []
        var open: (label: String, line: Int, letters: [UInt8])?
        for (index, line) in lines(of: bytes).enumerated() {
            let number = index + 1
            if line.starts(with: dashes) {
                if let block = open {
                    blocks.append(try close(block, with: line, at: number))
                    open = nil
                } else {
                    open = (try label(of: line, after: begin, at: number), number, [])
                }
            } else {
                open?.letters += line
            }
        }
        if let open {
            throw SPIFFEError(.invalidBundle, "PEM block of line \(open.line) has no end; the text may be cut off")
        }
        return blocks
    }

    private static func close(
        _ block: (label: String, line: Int, letters: [UInt8]), with line: ArraySlice<UInt8>, at number: Int
    ) throws(SPIFFEError) -> PEMBlock {
        guard try label(of: line, after: end, at: number) == block.label else {
            throw SPIFFEError(
                .invalidBundle, "PEM block of line \(block.line) ends under another label in line \(number)")
        }
        guard let bytes = Base64.standard.decode(block.letters) else {
            throw SPIFFEError(.invalidBundle, "PEM block of line \(block.line) is not base64")
        }
        return PEMBlock(label: block.label, bytes: bytes)
    }

    private static func label(
        of line: ArraySlice<UInt8>, after start: [UInt8], at number: Int
    ) throws(SPIFFEError) -> String {
        let rest = line.dropFirst(start.count)
        guard
            line.starts(with: start), rest.count > dashes.count, rest.suffix(dashes.count).elementsEqual(dashes),
            let label = String(validating: rest.dropLast(dashes.count), as: UTF8.self)
        else {
            throw SPIFFEError(
                .invalidBundle, "PEM boundary of line \(number) is malformed; the text may be cut off or changed")
        }
        return label
    }

    private static func lines(of bytes: [UInt8]) -> some Sequence<ArraySlice<UInt8>> {
        bytes.split(omittingEmptySubsequences: false) { $0 == UInt8(ascii: "\n") }.lazy.map(trimmed)
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line
        while let last = line.last, last == 0x20 || last == 0x0D || last == 0x09 { line.removeLast() }
        return line
    }
}
