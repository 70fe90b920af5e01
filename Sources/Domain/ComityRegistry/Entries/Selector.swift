// SPDX-License-Identifier: Apache-2.0

/// One proven property of a node or a workload, such as `unix:uid:1000`.
package struct Selector: Hashable, Sendable {
    /// The attestor that proves it: not empty, without colon.
    package let type: String

    /// Not empty; may hold colons.
    package let value: String

    /// - Throws: ``RegistryError`` with code `invalidArgument`.
    package init(type: String, value: String) throws(RegistryError) {
        guard !type.isEmpty else { throw RegistryError(.invalidArgument, "missing selector type") }
        guard !type.utf8.contains(UInt8(ascii: ":")) else {
            throw RegistryError(.invalidArgument, "selector type contains ':'")
        }
        guard !value.isEmpty else { throw RegistryError(.invalidArgument, "missing selector value") }
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

extension Selector: CustomStringConvertible {
    package var description: String { "\(type):\(value)" }
}

extension Selector: Comparable {
    package static func < (lhs: Selector, rhs: Selector) -> Bool {
        (lhs.type, lhs.value) < (rhs.type, rhs.value)
    }
}
