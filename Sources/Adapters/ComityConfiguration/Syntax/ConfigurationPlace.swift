// SPDX-License-Identifier: Apache-2.0

/// Where in a configuration file something stands; both numbers begin at 1.
package struct ConfigurationPlace: Sendable, Hashable {
    package var line: Int
    /// In characters, not bytes.
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// Not in the file: given by a flag.
    static let commandLine = ConfigurationPlace(line: 0, column: 0)
}

extension ConfigurationPlace: Comparable {
    package static func < (lhs: ConfigurationPlace, rhs: ConfigurationPlace) -> Bool {
        (lhs.line, lhs.column) < (rhs.line, rhs.column)
    }
}

extension ConfigurationPlace: CustomStringConvertible {
    package var description: String { "\(line):\(column)" }
}
