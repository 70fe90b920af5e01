// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import SPIFFE

/// A custom resource that is one registration entry.
package struct ClusterStaticEntry: Hashable, Sendable {
    package static let kind = "ClusterStaticEntry"

    package let metadata: ResourceMetadata
    package let className: String
    package let entry: Entry
    package let warnings: [String]

    static let names: Set<String> = [
        "spiffeID", "parentID", "selectors", "federatesWith", "x509SVIDTTL", "jwtSVIDTTL", "dnsNames", "hint", "admin",
        "downstream", "storeSVID", "className",
    ]

    /// - Throws: ``ResourceError`` with code `invalid`.
    package init(json: JSONValue) throws(ResourceError) {
        metadata = try ResourceMetadata(json: json)
        let spec = try SpecificationReader(json)
        warnings = spec.warnings(besides: Self.names)
        className = try spec.text("className")
        var entry = Entry(
            spiffeID: try Self.id("spiffeID", spec), parentID: try Self.id("parentID", spec),
            selectors: try Self.selectors(spec))
        entry.federatesWith = try spec.trustDomains("federatesWith")
        entry.x509SVIDTTL = try spec.seconds("x509SVIDTTL")
        entry.jwtSVIDTTL = try spec.seconds("jwtSVIDTTL")
        entry.dnsNames = try spec.texts("dnsNames")
        entry.hint = try spec.text("hint")
        entry.isAdmin = try spec.flag("admin")
        entry.isDownstream = try spec.flag("downstream")
        entry.storesSVID = try spec.flag("storeSVID")
        self.entry = entry
    }

    private static func id(_ name: String, _ spec: SpecificationReader) throws(ResourceError) -> SPIFFEID {
        let text = try spec.requiredText(name)
        do throws(SPIFFEError) {
            return try SPIFFEID(text)
        } catch {
            throw .invalid("spec.\(name)", "\(error)")
        }
    }

    private static func selectors(_ spec: SpecificationReader) throws(ResourceError) -> Set<Selector> {
        var selectors: Set<Selector> = []
        for (index, text) in try spec.texts("selectors").enumerated() {
            do throws(RegistryError) {
                selectors.insert(try Selector(text))
            } catch {
                throw .invalid("spec.selectors[\(index)]", "\(error)")
            }
        }
        guard !selectors.isEmpty else { throw .invalid("spec.selectors", "must not be empty") }
        return selectors
    }
}
