// SPDX-License-Identifier: Apache-2.0

/// How a JWT-SVID travels: `Bearer <token>` in the HTTP header `Authorization` (JWT-SVID §5.2) or the gRPC metadata
/// `authorization` (§5.3).
public enum BearerAuthorization {
    /// The name of the HTTP header.
    public static let httpHeaderName = "Authorization"

    /// The key of the gRPC metadata, in lower case as gRPC wants it.
    public static let grpcMetadataKey = "authorization"

    private static let scheme = "Bearer "

    /// The value that carries a token.
    public static func value(for token: String) -> String {
        scheme + token
    }

    /// The token in a value; `nil` when the value carries none. The scheme is read in any case (RFC 9110 §11.1).
    public static func token(in value: String) -> String? {
        let start = value.utf8.prefix(scheme.utf8.count)
        guard start.count == scheme.utf8.count, String(start)?.lowercased() == scheme.lowercased() else { return nil }
        let token = value.utf8.dropFirst(start.count).drop { $0 == UInt8(ascii: " ") }
        guard !token.isEmpty, !token.contains(UInt8(ascii: " ")) else { return nil }
        return String(token)
    }
}
