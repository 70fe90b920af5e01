// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import SPIFFE

/// What is inspected, and how the answer is printed.
struct InspectOptions: ParsableArguments {
    @Argument(help: "The file to inspect; standard input when left out or -.")
    var file = "-"

    @OptionGroup var output: OutputOptions

    func read() throws(CommandError) -> [UInt8] {
        try InputFile.read(file)
    }

    /// The input as a text without white space around it.
    ///
    /// - Throws: ``CommandError`` with code `file`.
    func readText() throws(CommandError) -> String {
        guard let text = String(validating: try read(), as: UTF8.self) else {
            throw CommandError(.file, "\(file == "-" ? "standard input" : file) is not UTF-8 text")
        }
        return text.trimmed
    }

    /// Prints the answer and ends with exit code 1 when it is no.
    func show(_ inspection: Inspection) throws {
        try output.print(inspection.json) { inspection.text }
        if !inspection.isValid { throw ExitCode.failure }
    }
}

extension String {
    fileprivate var trimmed: String {
        let isSpace: (Character) -> Bool = { $0.isWhitespace }
        let rest = drop(while: isSpace)
        guard let last = rest.lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(rest[...last])
    }
}
