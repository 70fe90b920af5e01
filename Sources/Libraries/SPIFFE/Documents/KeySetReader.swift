// SPDX-License-Identifier: Apache-2.0

import X509

/// Reads a JWK Set into a bundle and notes which entries it ignores (Trust Domain and Bundle §4).
struct KeySetReader {
    enum Profile {
        /// Keys of every kind, told apart by `use`.
        case bundle
        /// The same without a refresh hint, which has no meaning in a bundle map.
        case mapEntry
        /// JWT keys only, with or without `use` (decision D-25).
        case jwtKeySet
    }

    private(set) var bundle: SPIFFEBundle
    private(set) var ignoredEntries: [BundleDocument.IgnoredEntry] = []
    private(set) var ignoredEntryCount = 0
    private let profile: Profile
    private var knownX509: Set<X509Authority> = []
    private var knownJWT: Set<JWTAuthority> = []

    init(trustDomain: TrustDomain, profile: Profile) {
        bundle = SPIFFEBundle(trustDomain: trustDomain)
        self.profile = profile
    }

    mutating func read(_ document: JSONObject) throws(SPIFFEError) {
        guard let keys = document["keys"]?.array else {
            throw SPIFFEError(.invalidBundle, "bundle document has no \"keys\" array")
        }
        if profile != .jwtKeySet { bundle.sequenceNumber = try Self.sequenceNumber(document) }
        if profile == .bundle { bundle.refreshHint = try Self.refreshHint(document) }
        for (index, key) in keys.enumerated() {
            do {
                try read(entry: key)
            } catch {
                ignore(index, key, because: error)
            }
        }
    }

    private mutating func ignore(_ index: Int, _ entry: JSONValue, because error: SPIFFEError) {
        ignoredEntryCount += 1
        guard ignoredEntries.count < BundleDocument.maximumDescribedEntries else { return }
        ignoredEntries.append(
            BundleDocument.IgnoredEntry(index: index, reason: "\(error)", use: entry.object?["use"]?.string))
    }

    // Types of both members: decision D-21.
    private static func sequenceNumber(_ document: JSONObject) throws(SPIFFEError) -> UInt64? {
        guard let value = document["spiffe_sequence"] else { return nil }
        guard let sequence = value.number?.unsigned else {
            throw SPIFFEError(.invalidBundle, "spiffe_sequence is not an integer from 0 to \(UInt64.max)")
        }
        return sequence
    }

    private static func refreshHint(_ document: JSONObject) throws(SPIFFEError) -> Int64? {
        guard let value = document["spiffe_refresh_hint"] else { return nil }
        guard let number = value.number, number.isInteger else {
            throw SPIFFEError(.invalidBundle, "spiffe_refresh_hint is not an integer number of seconds")
        }
        guard !number.text.hasPrefix("-") else { return nil }
        let seconds = number.signed ?? .max
        return seconds > 0 ? seconds : nil
    }

    private mutating func read(entry: JSONValue) throws(SPIFFEError) {
        guard let members = entry.object else {
            throw SPIFFEError(.invalidKey, "entry is not a JSON object")
        }
        switch (profile, members["use"]) {
        case (.bundle, "x509-svid"), (.mapEntry, "x509-svid"): try readX509(members)
        case (_, "jwt-svid"), (.jwtKeySet, nil): try readJWT(members)
        case (_, nil): throw SPIFFEError(.invalidKey, "use is missing")
        case (_, let use?): throw SPIFFEError(.invalidKey, "use \(use.description.prefix(64)) is not known here")
        }
    }

    private mutating func readX509(_ members: JSONObject) throws(SPIFFEError) {
        let key = try JSONWebKey(members: members)
        // None: ignore the entry; several: only the first counts (X509-SVID §6.2, decision D-18).
        guard let first = members["x5c"]?.array?.first else {
            throw SPIFFEError(.invalidKey, "x5c has no certificate")
        }
        guard let text = first.string, let derBytes = Base64.standard.decode(text) else {
            throw SPIFFEError(.invalidKey, "x5c is not standard base64")
        }
        let authority = try X509Authority(derBytes: derBytes)
        guard authority.certificate.publicKey == key.publicKey else {
            throw SPIFFEError(.invalidKey, "key is not the one in the certificate of x5c")
        }
        if knownX509.insert(authority).inserted {
            bundle.x509Authorities.append(authority)
        }
    }

    private mutating func readJWT(_ members: JSONObject) throws(SPIFFEError) {
        guard let keyID = members["kid"]?.string, !keyID.isEmpty else {
            throw SPIFFEError(.invalidKey, "kid is missing, empty or not a string")
        }
        let authority = JWTAuthority(keyID: keyID, publicKey: try JSONWebKey(members: members).publicKey)
        guard authority.fitsAnyAlgorithm else {
            throw SPIFFEError(.invalidKey, "key fits no algorithm of JWT-SVID")
        }
        if knownJWT.insert(authority).inserted {
            bundle.jwtAuthorities.append(authority)
        }
    }
}
