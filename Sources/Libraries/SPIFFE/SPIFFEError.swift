// SPDX-License-Identifier: Apache-2.0

/// Why a SPIFFE value was refused.
///
/// Compare errors by ``code``; ``message`` is for a human and may change.
public struct SPIFFEError: Error, Sendable {
    /// A stable, comparable reason.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Name: String {
            case invalidTrustDomain, invalidSPIFFEID, invalidX509SVID, invalidJWTSVID, invalidBundle, invalidKey
            case noBundle, notAuthorized, invalidJSON
        }

        private let name: Name

        private init(_ name: Name) {
            self.name = name
        }

        /// The name of the code.
        public var description: String { name.rawValue }

        /// The text is not a trust domain name (SPIFFE-ID §2.1).
        public static let invalidTrustDomain = Code(.invalidTrustDomain)
        /// The text is not a SPIFFE ID (SPIFFE-ID §2).
        public static let invalidSPIFFEID = Code(.invalidSPIFFEID)
        /// The certificate or its chain is not a valid X509-SVID (X509-SVID §5).
        public static let invalidX509SVID = Code(.invalidX509SVID)
        /// The token is not a valid JWT-SVID (JWT-SVID §4).
        public static let invalidJWTSVID = Code(.invalidJWTSVID)
        /// The document is not a SPIFFE bundle (Trust Domain and Bundle §4).
        public static let invalidBundle = Code(.invalidBundle)
        /// A key is malformed, too weak or of an unsupported kind.
        public static let invalidKey = Code(.invalidKey)
        /// No bundle is known for the trust domain of the SVID.
        public static let noBundle = Code(.noBundle)
        /// The identity is genuine, but the authorizer refused it.
        public static let notAuthorized = Code(.notAuthorized)
        /// The text is not JSON, or not within the limits of what is read (RFC 8259).
        public static let invalidJSON = Code(.invalidJSON)
    }

    /// What programs decide by.
    public var code: Code

    /// What a human reads: which rule was broken, never a secret.
    public var message: String

    /// The error behind this one.
    public var cause: (any Error)?

    /// Makes an error.
    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}

extension SPIFFEError: CustomStringConvertible {
    /// The message, followed by that of the cause.
    public var description: String {
        guard let cause else { return message }
        return "\(message): \(cause)"
    }
}

extension SPIFFEError: Equatable {
    /// Compares codes only.
    public static func == (lhs: SPIFFEError, rhs: SPIFFEError) -> Bool {
        lhs.code == rhs.code
    }
}
