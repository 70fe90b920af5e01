// SPDX-License-Identifier: Apache-2.0

package import Logging
package import SPIFFE

/// A place outside that is to hold the own bundle.
package protocol BundleTarget: Sendable {
    /// As in the configuration.
    var pluginName: String { get }
    /// `BundlePublisher` or `Notifier`.
    var pluginType: String { get }
    /// Where it is, for log lines.
    var place: Logger.Metadata { get }

    /// Makes the place hold the bundle.
    ///
    /// - Returns: Whether anything had to be written.
    func publish(_ bundle: SPIFFEBundle) async throws -> Bool
}

extension BundleTarget {
    package var pluginType: String { "BundlePublisher" }
}
