// SPDX-License-Identifier: Apache-2.0

/// Who claims what is in the registry, such as `cluster-1/zero-trust` for the controller of a class in a cluster.
package struct OwnerName: Hashable, Sendable {
    /// In bytes.
    package static let maximumLength = 512

    package let text: String

    /// - Throws: ``RegistryError`` with code `invalidArgument`.
    package init(_ text: String) throws(RegistryError) {
        guard !text.isEmpty else { throw RegistryError(.invalidArgument, "owner is empty") }
        guard text.utf8.count <= Self.maximumLength else {
            throw RegistryError(.invalidArgument, "owner is longer than \(Self.maximumLength) bytes")
        }
        guard text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            throw RegistryError(.invalidArgument, "owner has control characters")
        }
        self.text = text
    }
}

extension OwnerName: CustomStringConvertible {
    package var description: String { text }
}
