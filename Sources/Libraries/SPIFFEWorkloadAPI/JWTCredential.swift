// SPDX-License-Identifier: Apache-2.0

public import FoundationEssentials
public import SPIFFE

/// A JWT-SVID of our own, to be presented to the audience it was made for.
public struct JWTCredential: Hashable, Sendable {
    /// The identity that the token carries.
    public let id: SPIFFEID

    /// The token. Whoever has it can pass for us until it expires: keep it out of logs.
    public let token: String

    /// Whom the token may be presented to.
    public let audience: [String]

    /// The end of the token.
    public let expiresAt: Date

    /// The operator's word for what this identity is for; empty when there is none.
    public let hint: String

    /// Reads a token as the Workload API hands it out. Its issuer is trusted; nothing is verified.
    ///
    /// - Throws: ``SPIFFEError`` with code `invalidJWTSVID` when it is not a JWT-SVID of this ID.
    init(token: String, id: SPIFFEID, hint: String) throws(SPIFFEError) {
        let svid = try UnverifiedJWTSVID(token: token)
        guard svid.id == id else {
            throw SPIFFEError(.invalidJWTSVID, "token is of \(svid.id), not of \(id)")
        }
        self.id = id
        self.token = token
        self.hint = hint
        audience = svid.audience
        expiresAt = svid.expiresAt
    }
}

extension JWTCredential: CustomStringConvertible {
    /// Without the token.
    public var description: String { "JWTCredential(\(id), expires \(expiresAt.formatted(.iso8601)))" }
}
