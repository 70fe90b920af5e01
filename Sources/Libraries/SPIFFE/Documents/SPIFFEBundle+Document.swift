// SPDX-License-Identifier: Apache-2.0

import X509

extension SPIFFEBundle {
    /// The largest document that is read, in bytes (decision D-32).
    public static let maximumDocumentSize = 4 << 20

    /// Reads a SPIFFE bundle document (Trust Domain and Bundle §4).
    ///
    /// Entries that are not understood are left out; ``BundleDocument`` tells which.
    ///
    /// - Throws: ``SPIFFEError`` with code `invalidBundle` when the text is not an object with a `keys` array, or its
    ///   sequence number or refresh hint is not an integer.
    public init(document: [UInt8], trustDomain: TrustDomain) throws(SPIFFEError) {
        self = try BundleDocument(parsing: document, trustDomain: trustDomain).bundle
    }

    /// Reads the JWK Set of the Workload API's JWT profile: entries without `use` or with `jwt-svid` (decision D-25).
    ///
    /// - Throws: ``SPIFFEError`` with code `invalidBundle`.
    public init(jwtKeySet: [UInt8], trustDomain: TrustDomain) throws(SPIFFEError) {
        self = try BundleDocument(parsingJWTKeySet: jwtKeySet, trustDomain: trustDomain).bundle
    }

    /// The SPIFFE bundle document, byte for byte as SPIRE writes it, without a final line break.
    ///
    /// X.509 authorities come first, then JWT authorities; a sequence number or refresh hint of 0 is left out, and so is
    /// a JWT authority that fits no algorithm of JWT-SVID.
    public func document() -> [UInt8] {
        JSONValue.object(documentObject).bytes(format: .document)
    }

    var documentObject: JSONObject {
        var document = JSONObject()
        document["keys"] = .array(x509Authorities.map(\.entry) + jwtEntries)
        if let sequenceNumber, sequenceNumber > 0 {
            document["spiffe_sequence"] = .number(JSONNumber(sequenceNumber))
        }
        if let refreshHint, refreshHint > 0 {
            document["spiffe_refresh_hint"] = .number(JSONNumber(refreshHint))
        }
        return document
    }

    /// A JWK Set of all authorities for readers that know no SPIFFE: without `use`, sequence number and refresh hint.
    package func keySet() -> [UInt8] {
        let keys = (x509Authorities.map(\.entry) + jwtEntries).map { entry -> JSONValue in
            var members = entry.object ?? JSONObject()
            members["use"] = nil
            return .object(members)
        }
        return JSONValue.object(["keys": .array(keys)]).bytes(format: .document)
    }

    /// The JWK Set of the Workload API's JWT profile: the JWT authorities and nothing else.
    public func jwtKeySet() -> [UInt8] {
        let document: JSONObject = ["keys": .array(jwtEntries)]
        return JSONValue.object(document).bytes(format: .document)
    }

    private var jwtEntries: [JSONValue] {
        jwtAuthorities.filter(\.fitsAnyAlgorithm).map(\.entry)
    }
}

extension X509Authority {
    // Without `kid` and with exactly one certificate (X509-SVID §6.1).
    fileprivate var entry: JSONValue {
        .object(JSONWebKey(certificate.publicKey).members(use: "x509-svid", certificate: derBytes))
    }
}

extension JWTAuthority {
    fileprivate var entry: JSONValue {
        .object(JSONWebKey(publicKey).members(use: "jwt-svid", keyID: keyID))
    }
}
