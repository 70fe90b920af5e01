// SPDX-License-Identifier: Apache-2.0

/// One proven property of a node or a workload, such as `unix:uid:1000`. Compared byte by byte.
package struct Selector: Sendable {
    /// The attestor that proves it: not empty, without colon.
    package let type: String

    /// Not empty; may hold colons, never NUL.
    package let value: String

    /// - Throws: ``RegistryError`` with code `invalidArgument`.
    package init(type: String, value: String) throws(RegistryError) {
        guard !type.isEmpty else { throw RegistryError(.invalidArgument, "missing selector type") }
        guard !type.utf8.contains(UInt8(ascii: ":")) else {
            throw RegistryError(.invalidArgument, "selector type contains ':'")
        }
        guard !value.isEmpty else { throw RegistryError(.invalidArgument, "missing selector value") }
        // A store or a process that ends text at NUL would make another selector of it.
        guard !type.utf8.contains(0), !value.utf8.contains(0) else {
            throw RegistryError(.invalidArgument, "selector contains a NUL byte")
        }
        self.type = type
        self.value = value
    }

    /// Reads the form `type:value`.
    ///
    /// - Throws: ``RegistryError`` with code `invalidArgument`.
    package init(_ text: String) throws(RegistryError) {
        guard let colon = text.firstIndex(of: ":") else {
            throw RegistryError(
                .invalidArgument, "selector \"\(text)\" must be formatted as type:value, such as unix:uid:1000")
        }
        try self.init(type: String(text[..<colon]), value: String(text[text.index(after: colon)...]))
    }
}

extension Selector: Hashable {
    // String's own equality takes canonically equivalent texts for one; nobody attested that.
    package static func == (lhs: Selector, rhs: Selector) -> Bool {
        lhs.value.utf8.elementsEqual(rhs.value.utf8) && lhs.type.utf8.elementsEqual(rhs.type.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for text in [type, value] {
            var text = text
            text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
            hasher.combine(UInt8(ascii: ":"))
        }
    }
}

extension Selector: CustomStringConvertible {
    package var description: String { "\(type):\(value)" }
}

extension Selector: Comparable {
    package static func < (lhs: Selector, rhs: Selector) -> Bool {
        lhs.type.utf8.elementsEqual(rhs.type.utf8)
            ? lhs.value.utf8.lexicographicallyPrecedes(rhs.value.utf8)
            : lhs.type.utf8.lexicographicallyPrecedes(rhs.type.utf8)
    }
}
