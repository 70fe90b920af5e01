// SPDX-License-Identifier: Apache-2.0

/// A SPIFFE bundle map as it was read from a text: the bundles of several trust domains (Trust Domain and Bundle §5).
///
/// A map is taken whole or not at all, so a text with a fault leaves what was read before in force:
///
/// ```swift
/// let map = try BundleMapDocument(parsing: bytes)  // throws when any of its bundles is malformed
/// bundles = map.bundles                            // trust domains that are not in it are gone
/// ```
///
/// Refresh hints within a map have no meaning and are not read (§5.1.1): when to read it again is for whoever reads it to say.
public struct BundleMapDocument: Hashable, Sendable {
    /// The largest text that is read, in bytes.
    public static let maximumSize = 16 << 20

    /// What is said of each trust domain, in the order of the text.
    public let documents: [BundleDocument]

    /// Reads a bundle map.
    ///
    /// - Parameter bytes: at most ``maximumSize``.
    /// - Throws: ``SPIFFEError`` with code `invalidBundle` when the text has no `trust_domains` object, names a trust domain
    ///   twice or by anything but its name, or has a malformed bundle. Entries of a bundle that are not understood are
    ///   left out, as in a bundle document.
    public init(parsing bytes: [UInt8]) throws(SPIFFEError) {
        let text: JSONValue
        do {
            text = try JSONValue(parsing: bytes, maximumBytes: Self.maximumSize)
        } catch {
            throw SPIFFEError(.invalidBundle, "bundle map cannot be read", cause: error)
        }
        guard let members = text["trust_domains"]?.object?.members else {
            throw SPIFFEError(.invalidBundle, "bundle map has no \"trust_domains\" object")
        }
        var documents: [BundleDocument] = []
        for member in members {
            documents.append(try Self.read(member))
        }
        self.documents = documents
    }

    /// The bundles by trust domain.
    public var bundles: BundleSet {
        BundleSet(documents.map(\.bundle))
    }

    /// Says whether a text is meant as a bundle map, valid or not.
    public static func recognises(_ bytes: [UInt8]) -> Bool {
        let text = try? JSONValue(parsing: bytes, maximumBytes: maximumSize)
        return text?["trust_domains"] != nil
    }

    private static func read(_ member: JSONObject.Member) throws(SPIFFEError) -> BundleDocument {
        do {
            // A name only, never an ID (decision D-28).
            let trustDomain = try TrustDomain(member.name)
            guard let object = member.value.object else {
                throw SPIFFEError(.invalidBundle, "bundle is not a JSON object but of type \(member.value.kind)")
            }
            return try BundleDocument(mapEntry: object, trustDomain: trustDomain)
        } catch {
            throw SPIFFEError(.invalidBundle, "bundle map entry \(member.name.quoted)", cause: error)
        }
    }
}
