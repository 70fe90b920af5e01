// SPDX-License-Identifier: Apache-2.0

extension JSONValue {
    /// The deepest nesting of arrays and objects that is read (decision D-32).
    public static let maximumDepth = 100

    /// Reads one JSON text (RFC 8259) strictly.
    ///
    /// Refused are: more bytes than `maximumBytes`, nesting deeper than ``maximumDepth``, bytes that are not UTF-8, a lone
    /// surrogate, anything but white space after the value, and an object that names a member twice, because two
    /// readers may then see two different documents.
    ///
    /// - Throws: ``SPIFFEError`` with code `invalidJSON`; the message names line and column.
    public init(parsing bytes: [UInt8], maximumBytes: Int) throws(SPIFFEError) {
        guard bytes.count <= maximumBytes else {
            throw SPIFFEError(.invalidJSON, "JSON text has \(bytes.count) bytes, more than \(maximumBytes)")
        }
        var parser = JSONParser(bytes)
        self = try parser.parseDocument()
    }
}
