// SPDX-License-Identifier: Apache-2.0

/// The bundle publisher `file`, which SPIRE does not have.
package struct BundleFileConfiguration: Sendable, Hashable {
    package enum Format: String, CaseIterable, Sendable, Hashable {
        case spiffe, jwks, pem
    }

    package var path: String
    package var format: Format
    package var refreshHint: Duration?

    init?(_ plugin: PluginConfiguration, _ faults: FaultCollector) {
        let section = plugin.section(faults)
        let path = section.requiredText("path", missing: "\(section.path("path")) must be configured")
        let formats = Format.allCases.map(\.rawValue)
        let format = section.choice("format", formats) { Format(rawValue: $0) }
        if format == nil, section.text("format") == nil {
            faults.error(
                "\(section.path("format")) must be configured; one of [\(formats.joined(separator: ", "))]",
                at: section.place)
        }
        refreshHint = section.duration("refresh_hint", as: "refresh_hint")?.value
        section.reportUnknownKeys(.error)
        guard let path, let format else { return nil }
        self.path = path.value
        self.format = format
    }
}
