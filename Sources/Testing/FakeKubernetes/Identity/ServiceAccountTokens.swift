// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FoundationEssentials
import SPIFFE

/// Signs the tokens of service accounts, and tells them from others.
struct ServiceAccountTokens: Sendable {
    /// Also the audience of tokens for the API itself.
    static let issuer = "https://kubernetes.default.svc.cluster.local"

    private static let maximumBytes = 64 * 1024

    private let key: TestJWTKey

    init() throws {
        key = try TestJWTKey(.es256, keyID: "service-accounts")
    }

    func token(_ claims: JSONValue) throws -> String {
        try key.token(claims: claims)
    }

    /// The claims of a token of this cluster that is valid now; `nil` of any other.
    func claims(of token: String, at time: Date) -> JSONValue? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard token.utf8.count <= Self.maximumBytes, parts.count == 3,
            let signature = Base64.url.decode(parts[2]),
            let payload = Base64.url.decode(parts[1]),
            let claims = try? JSONValue(parsing: payload, maximumBytes: Self.maximumBytes)
        else { return nil }
        let input = Array("\(parts[0]).\(parts[1])".utf8)
        guard
            key.algorithm.isValidSignature(signature, for: input[...], by: key.publicKey),
            claims["iss"]?.string == Self.issuer,
            let expiry = claims["exp"]?.number?.double, time.timeIntervalSince1970 < expiry
        else { return nil }
        return claims
    }
}
