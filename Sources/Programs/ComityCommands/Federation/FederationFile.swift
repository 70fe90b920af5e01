// SPDX-License-Identifier: Apache-2.0

import SPIFFE
import ServerAPIProtos

/// Relationships in JSON, as the `-data` flag takes them.
enum FederationFile {
    private static let members: Set = [
        "trustDomain", "bundleEndpointURL", "bundleEndpointProfile", "endpointSPIFFEID", "trustDomainBundle",
        "trustDomainBundleFormat",
    ]

    /// - Parameter path: `-` is standard input.
    /// - Throws: ``CommandError``.
    static func read(_ path: String) throws(CommandError) -> [Spire_Api_Types_FederationRelationship] {
        try relationships(in: try InputFile.read(path))
    }

    /// - Throws: ``CommandError`` with code `input`; the message names the relationship and the field.
    static func relationships(in bytes: [UInt8]) throws(CommandError) -> [Spire_Api_Types_FederationRelationship] {
        let document = try JSONReader(bytes, name: "data", members: ["federationRelationships"])
        guard let list = try document.list("federationRelationships"), !list.isEmpty else {
            throw CommandError(
                .input, "there are no relationships in the data: it needs a \"federationRelationships\" list")
        }
        var relationships: [Spire_Api_Types_FederationRelationship] = []
        for (index, value) in list.enumerated() {
            let name = "federation relationship \(index)"
            do throws(CommandError) {
                relationships.append(try relationship(JSONReader(value, name: name, members: members)))
            } catch {
                throw CommandError(.input, "could not parse \(name)", cause: error)
            }
        }
        return relationships
    }

    private static func relationship(
        _ reader: JSONReader
    ) throws(CommandError) -> Spire_Api_Types_FederationRelationship {
        let input = FederationInput(
            trustDomain: try reader.text("trustDomain"), bundleEndpointURL: try reader.text("bundleEndpointURL"),
            bundleEndpointProfile: try reader.text("bundleEndpointProfile"),
            endpointSPIFFEID: try reader.text("endpointSPIFFEID"))
        return try input.relationship(bundle: try bundle(reader))
    }

    /// A PEM bundle is a string, a SPIFFE bundle an object.
    private static func bundle(_ reader: JSONReader) throws(CommandError) -> FederationInput.Bundle? {
        guard let value = reader.value("trustDomainBundle") else { return nil }
        let format = try reader.text("trustDomainBundleFormat")
        guard !format.isEmpty else { throw CommandError(.input, "bundle format is required") }
        let bytes = value.string.map { Array($0.utf8) } ?? value.bytes()
        return FederationInput.Bundle(
            bytes: bytes, source: "the bundle of \(reader.name)", format: format, formatFlag: "trustDomainBundleFormat")
    }
}
