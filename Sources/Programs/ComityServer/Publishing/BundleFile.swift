// SPDX-License-Identifier: Apache-2.0

package import Logging
package import SPIFFE

/// A file that always holds the own bundle.
package struct BundleFile: BundleTarget {
    private let settings: BundleFileSettings

    package var pluginName: String { "file" }
    package var place: Logger.Metadata { ["path": "\(settings.path)"] }

    package init(_ settings: BundleFileSettings) {
        self.settings = settings
    }

    package func publish(_ bundle: SPIFFEBundle) throws -> Bool {
        let text = settings.format.text(of: bundle)
        let content = Array((text.hasSuffix("\n") ? text : text + "\n").utf8)
        let file = PublicFile(path: settings.path)
        guard file.content != content else { return false }
        try file.write(content)
        return true
    }
}
