// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// The claims that every JWT-SVID has, read from its payload (JWT-SVID §3).
struct JWTClaims: Hashable, Sendable {
    let id: SPIFFEID
    let audience: [String]
    let expiresAt: Date
    let notBefore: Date?
    let issuedAt: Date?
    let all: JSONObject

    init(_ members: JSONObject) throws(SPIFFEError) {
        id = try Self.subject(members["sub"])
        audience = try Self.audience(members["aud"])
        guard let expiresAt = try Self.time("exp", in: members) else {
            throw SPIFFEError(.invalidJWTSVID, "token missing exp claim")
        }
        self.expiresAt = expiresAt
        notBefore = try Self.time("nbf", in: members)
        issuedAt = try Self.time("iat", in: members)
        all = members
    }

    private static func subject(_ value: JSONValue?) throws(SPIFFEError) -> SPIFFEID {
        guard let value, value != "" else {
            throw SPIFFEError(.invalidJWTSVID, "token missing subject claim")
        }
        guard let text = value.string else {
            throw SPIFFEError(.invalidJWTSVID, "token subject claim is not a string")
        }
        do {
            return try SPIFFEID(text)
        } catch {
            throw SPIFFEError(.invalidJWTSVID, "token has an invalid subject claim", cause: error)
        }
    }

    /// Reads one string or a list of strings; nothing else (decision D-06).
    private static func audience(_ value: JSONValue?) throws(SPIFFEError) -> [String] {
        switch value {
        case nil: throw SPIFFEError(.invalidJWTSVID, "token missing audience claim")
        case .string(let audience)?: return [audience]
        case .array(let elements)? where !elements.isEmpty:
            let audience = elements.compactMap(\.string)
            guard audience.count == elements.count else { fallthrough }
            return audience
        default: throw SPIFFEError(.invalidJWTSVID, "token audience claim is neither a string nor a list of strings")
        }
    }

    private static func time(_ name: String, in members: JSONObject) throws(SPIFFEError) -> Date? {
        guard let value = members[name] else { return nil }
        guard let seconds = value.number?.double else {
            throw SPIFFEError(.invalidJWTSVID, "token \(name) claim is not a number")
        }
        return Date(timeIntervalSince1970: min(max(seconds, -JWTSVID.latestTime), JWTSVID.latestTime))
    }
}
