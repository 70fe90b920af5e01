// SPDX-License-Identifier: Apache-2.0

extension ConfigurationNode {
    /// Reads HCL 1 or JSON: text whose first character is `{` is JSON, as SPIRE's HCL library decides it.
    ///
    /// - Returns: The top-level object.
    package init(parsing text: String) throws(ConfigurationSyntaxError) {
        guard text.utf8.count <= ConfigurationLimits.maximumBytes else {
            throw ConfigurationSyntaxError(
                "file is larger than \(ConfigurationLimits.maximumBytes) bytes", at: .init(line: 1, column: 1))
        }
        var cursor = SourceCursor(text)
        cursor.skipWhitespace()
        if cursor.peek() == UInt8(ascii: "{") {
            var parser = JSONParser(cursor: cursor)
            self = try parser.document()
        } else {
            var parser = HCLParser(cursor: SourceCursor(text))
            self = try parser.document()
        }
    }
}
