// SPDX-License-Identifier: Apache-2.0

/// All that is wrong with a configuration, in the order of the file.
package struct ConfigurationFaults: Error, Sendable, Hashable {
    /// At least one of them is an error.
    package var faults: [ConfigurationFault]

    package init(_ faults: [ConfigurationFault]) {
        self.faults = faults
    }
}

extension ConfigurationFaults: CustomStringConvertible {
    package var description: String {
        faults.map(\.description).joined(separator: "\n")
    }
}
