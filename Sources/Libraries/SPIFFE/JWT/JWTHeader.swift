// SPDX-License-Identifier: Apache-2.0

/// The JOSE header of a JWT-SVID (JWT-SVID §2).
struct JWTHeader: Hashable, Sendable {
    let algorithm: JWTAlgorithm
    let keyID: String?

    init(_ members: JSONObject) throws(SPIFFEError) {
        // Before anything else is looked at (JWT-SVID §4).
        guard let algorithm = members["alg"]?.string.flatMap(JWTAlgorithm.init(rawValue:)) else {
            let known = JWTAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
            throw SPIFFEError(.invalidJWTSVID, "token algorithm is not supported; supported are \(known)")
        }
        self.algorithm = algorithm
        try Self.check(type: members["typ"])
        keyID = try Self.keyID(members["kid"])
        // A parameter that names a key or changes the meaning of the signature must not be there (decision D-05).
        for name in members.names where !["alg", "kid", "typ"].contains(name) {
            throw SPIFFEError(
                .invalidJWTSVID,
                "token header has \(name.quoted); only alg, kid and typ are allowed")
        }
    }

    private static func check(type: JSONValue?) throws(SPIFFEError) {
        switch type {
        case nil, "JWT", "JOSE": return
        default: throw SPIFFEError(.invalidJWTSVID, "token type is neither \"JWT\" nor \"JOSE\"")
        }
    }

    private static func keyID(_ value: JSONValue?) throws(SPIFFEError) -> String? {
        guard let value else { return nil }
        guard let keyID = value.string else {
            throw SPIFFEError(.invalidJWTSVID, "token key id is not a string")
        }
        return keyID.isEmpty ? nil : keyID
    }
}
