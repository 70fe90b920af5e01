// SPDX-License-Identifier: Apache-2.0

extension BundleSet {
    /// Reads a SPIFFE bundle map; ``BundleMapDocument`` tells which entries of its bundles are left out.
    ///
    /// - Throws: ``SPIFFEError`` with code `invalidBundle`.
    public init(bundleMap: [UInt8]) throws(SPIFFEError) {
        self = try BundleMapDocument(parsing: bundleMap).bundles
    }

    /// The SPIFFE bundle map, in order of trust domain name, without a final line break.
    ///
    /// Refresh hints are left out, as they have no meaning within a map (Trust Domain and Bundle §5.1.1).
    public func bundleMap() -> [UInt8] {
        var entries = JSONObject()
        for trustDomain in trustDomains {
            guard var bundle = self[trustDomain] else { continue }
            bundle.refreshHint = nil
            entries[trustDomain.name] = .object(bundle.documentObject)
        }
        return JSONValue.object(["trust_domains": .object(entries)]).bytes(format: .document)
    }
}
