// SPDX-License-Identifier: Apache-2.0

/// Reads a bundle in the JSON form of SPIRE's server API, which some documentation takes for a bundle document.
///
/// The layout names its trust domain, so a bundle that was meant for another one is noticed. It has no rule that unknown
/// keys are ignored: one malformed key refuses the text.
struct APIBundleReader {
    let trustDomain: TrustDomain

    static func recognises(_ document: JSONObject) -> Bool {
        document["keys"] == nil
            && (authorities("x509_authorities", "x509Authorities", in: document) != nil
                || authorities("jwt_authorities", "jwtAuthorities", in: document) != nil)
    }

    func read(_ document: JSONObject) throws(SPIFFEError) -> SPIFFEBundle {
        try checkTrustDomain(document)
        let x509 = Self.authorities("x509_authorities", "x509Authorities", in: document)
        let jwt = Self.authorities("jwt_authorities", "jwtAuthorities", in: document)
        guard x509 != nil || jwt != nil else {
            throw SPIFFEError(.invalidBundle, "bundle has neither \"x509_authorities\" nor \"jwt_authorities\"")
        }
        var bundle = SPIFFEBundle(trustDomain: trustDomain)
        bundle.x509Authorities = try read(x509, as: Self.x509Authority)
        bundle.jwtAuthorities = try read(jwt, as: Self.jwtAuthority)
        bundle.sequenceNumber = try integer("sequence_number", "sequenceNumber", in: document).flatMap {
            $0 > 0 ? $0 : nil
        }
        let hint = try integer("refresh_hint", "refreshHint", in: document)
        bundle.refreshHint = hint.flatMap { $0 > 0 ? Int64(clamping: $0) : nil }
        return bundle
    }

    private func checkTrustDomain(_ document: JSONObject) throws(SPIFFEError) {
        guard let value = document["trust_domain"] ?? document["trustDomain"] else { return }
        guard let text = value.string else {
            throw SPIFFEError(.invalidBundle, "trust_domain is not a string")
        }
        let inner = try TrustDomain(nameOrID: text)
        guard inner == trustDomain else {
            throw SPIFFEError(
                .invalidBundle, "bundle is of trust domain \"\(inner)\", but \"\(trustDomain)\" was expected")
        }
    }

    private func read<Authority: Hashable>(
        _ values: [JSONValue]?, as make: (JSONObject) throws(SPIFFEError) -> Authority
    ) throws(SPIFFEError) -> [Authority] {
        var known: Set<Authority> = []
        var authorities: [Authority] = []
        for (index, value) in (values ?? []).enumerated() {
            guard let members = value.object else {
                throw SPIFFEError(.invalidBundle, "authority \(index) is not a JSON object")
            }
            do {
                let authority = try make(members)
                if known.insert(authority).inserted { authorities.append(authority) }
            } catch {
                throw SPIFFEError(.invalidBundle, "authority \(index) cannot be read", cause: error)
            }
        }
        return authorities
    }

    private static func x509Authority(_ members: JSONObject) throws(SPIFFEError) -> X509Authority {
        try X509Authority(derBytes: try bytes("asn1", "asn1", in: members))
    }

    private static func jwtAuthority(_ members: JSONObject) throws(SPIFFEError) -> JWTAuthority {
        guard let keyID = (members["key_id"] ?? members["keyId"])?.string, !keyID.isEmpty else {
            throw SPIFFEError(.invalidKey, "key_id is missing, empty or not a string")
        }
        return try JWTAuthority(keyID: keyID, publicKeyDERBytes: try bytes("public_key", "publicKey", in: members))
    }

    private static func authorities(_ name: String, _ otherName: String, in document: JSONObject) -> [JSONValue]? {
        (document[name] ?? document[otherName])?.array
    }

    /// Reads bytes as the JSON form of protobuf allows them: either alphabet, with or without padding.
    private static func bytes(
        _ name: String, _ otherName: String, in members: JSONObject
    ) throws(SPIFFEError) -> [UInt8] {
        guard let text = (members[name] ?? members[otherName])?.string, !text.isEmpty else {
            throw SPIFFEError(.invalidKey, "\(name) is missing, empty or not a string")
        }
        let unpadded = text.utf8.prefix { $0 != UInt8(ascii: "=") }
        let padding = text.utf8.count - unpadded.count
        let letters = unpadded.map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            default: byte
            }
        }
        guard padding <= 2, text.utf8.suffix(padding).allSatisfy({ $0 == UInt8(ascii: "=") }),
            let bytes = Base64.url.decode(letters)
        else {
            throw SPIFFEError(.invalidKey, "\(name) is not base64")
        }
        return bytes
    }

    /// Reads a 64-bit integer, which the JSON form of protobuf writes as a string.
    private func integer(
        _ name: String, _ otherName: String, in document: JSONObject
    ) throws(SPIFFEError) -> UInt64? {
        guard let value = document[name] ?? document[otherName] else { return nil }
        guard let number = value.number?.unsigned ?? value.string.flatMap({ UInt64($0) }) else {
            throw SPIFFEError(.invalidBundle, "\(name) is not an integer from 0 to \(UInt64.max)")
        }
        return number
    }
}
