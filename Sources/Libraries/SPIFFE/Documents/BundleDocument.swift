// SPDX-License-Identifier: Apache-2.0

/// A bundle as it was read from a text, with what had to be left out of it.
///
/// The standard wants keys that a reader does not understand to be ignored (Trust Domain and Bundle §4.1.3). That must not
/// go unseen, so a reader that logs takes this type instead of ``SPIFFEBundle/init(document:trustDomain:)``:
///
/// ```swift
/// let document = try BundleDocument(parsing: bytes, trustDomain: partner)
/// for entry in document.ignoredEntries {
///     logger.warning("bundle entry ignored", metadata: ["entry": "\(entry.index)", "reason": "\(entry.reason)"])
/// }
/// ```
public struct BundleDocument: Hashable, Sendable {
    /// An entry of the document that is not used.
    public struct IgnoredEntry: Hashable, Sendable {
        /// The position in the document's list, from 0.
        public let index: Int
        /// Why the entry is not used.
        public let reason: String
        /// What the entry says it is for, when it says so.
        package let use: String?
    }

    /// The most ignored entries that are described; hostile documents have many.
    public static let maximumDescribedEntries = 100

    /// What the text says.
    public let bundle: SPIFFEBundle

    /// How the text is written.
    public let format: BundleFormat

    /// The first ignored entries in their order, at most ``maximumDescribedEntries``.
    public let ignoredEntries: [IgnoredEntry]

    /// How many entries were ignored in all.
    public let ignoredEntryCount: Int

    /// Reads a text in the given format, or in the one that ``BundleFormat/detect(_:)`` finds.
    ///
    /// - Parameters:
    ///   - bytes: at most ``SPIFFEBundle/maximumDocumentSize``.
    ///   - format: `nil` to look at the content.
    ///   - trustDomain: whose bundle it is; documents do not say (Trust Domain and Bundle §3).
    /// - Throws: ``SPIFFEError`` with code `invalidBundle` when nothing of the text can be trusted.
    public init(parsing bytes: [UInt8], format: BundleFormat? = .spiffe, trustDomain: TrustDomain) throws(SPIFFEError) {
        guard bytes.count <= SPIFFEBundle.maximumDocumentSize else {
            throw SPIFFEError(
                .invalidBundle, "bundle has \(bytes.count) bytes, more than \(SPIFFEBundle.maximumDocumentSize)")
        }
        guard let format = format ?? BundleFormat.detect(bytes) else {
            throw SPIFFEError(.invalidBundle, "bundle is neither a SPIFFE bundle document (JSON) nor PEM certificates")
        }
        switch format {
        case .pem:
            let authorities = try X509Authority.parse(pem: bytes)
            self.init(SPIFFEBundle(trustDomain: trustDomain, x509Authorities: authorities), format: format)
        case .api:
            let reader = APIBundleReader(trustDomain: trustDomain)
            self.init(try reader.read(try Self.parseJSON(bytes)), format: format)
        default:
            var reader = KeySetReader(trustDomain: trustDomain, profile: .bundle)
            try reader.read(try Self.parseJSON(bytes))
            self.init(reader, format: format)
        }
    }

    /// Reads the JWK Set of the Workload API's JWT profile.
    ///
    /// It has JWT keys only; entries without `use` count as such, because SPIRE leaves it out (decision D-25).
    ///
    /// - Throws: ``SPIFFEError`` with code `invalidBundle`.
    public init(parsingJWTKeySet bytes: [UInt8], trustDomain: TrustDomain) throws(SPIFFEError) {
        var reader = KeySetReader(trustDomain: trustDomain, profile: .jwtKeySet)
        try reader.read(try Self.parseJSON(bytes))
        self.init(reader, format: .spiffe)
    }

    /// Reads an entry of a bundle map.
    init(mapEntry object: JSONObject, trustDomain: TrustDomain) throws(SPIFFEError) {
        var reader = KeySetReader(trustDomain: trustDomain, profile: .mapEntry)
        try reader.read(object)
        self.init(reader, format: .spiffe)
    }

    private init(_ bundle: SPIFFEBundle, format: BundleFormat) {
        self.bundle = bundle
        self.format = format
        ignoredEntries = []
        ignoredEntryCount = 0
    }

    private init(_ reader: KeySetReader, format: BundleFormat) {
        bundle = reader.bundle
        self.format = format
        ignoredEntries = reader.ignoredEntries
        ignoredEntryCount = reader.ignoredEntryCount
    }

    private static func parseJSON(_ bytes: [UInt8]) throws(SPIFFEError) -> JSONObject {
        let document: JSONValue
        do {
            document = try JSONValue(parsing: bytes, maximumBytes: SPIFFEBundle.maximumDocumentSize)
        } catch {
            throw SPIFFEError(.invalidBundle, "bundle document cannot be read", cause: error)
        }
        guard let object = document.object else {
            throw SPIFFEError(.invalidBundle, "bundle document is not a JSON object but of type \(document.kind)")
        }
        return object
    }
}
