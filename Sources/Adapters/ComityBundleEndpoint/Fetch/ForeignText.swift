// SPDX-License-Identifier: Apache-2.0

/// Text of a peer, made fit for a log line: short, on one line, and free of control characters.
struct ForeignText: CustomStringConvertible {
    /// As much of an error body as SPIRE shows.
    static let maximumLength = 1024

    let description: String

    init(_ bytes: some Collection<UInt8>) {
        let text = String(decoding: bytes.prefix(Self.maximumLength), as: UTF8.self)
        var result = ""
        for scalar in text.unicodeScalars {
            result.unicodeScalars.append(Self.isVisible(scalar) ? scalar : " ")
        }
        description = result
    }

    init(_ text: String) {
        self.init(text.utf8)
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
