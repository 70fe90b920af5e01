// SPDX-License-Identifier: Apache-2.0

/// Why a template cannot be read or carried out. The words are those of Go's `text/template` where it has some.
package struct TemplateError: Error, Hashable, CustomStringConvertible {
    package var message: String

    package var description: String { message }

    init(_ message: String) {
        self.message = message
    }
}

extension String {
    /// In double quotes, with what could break a line escaped.
    var goQuoted: String {
        "\"" + unicodeScalars.prefix(128).map { $0.escaped(asASCII: true) }.joined() + "\""
    }
}
