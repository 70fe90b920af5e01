// SPDX-License-Identifier: Apache-2.0

/// Decides whether a verified ID may proceed.
///
/// ```swift
/// try Authorizer.id(serverID).authorize(svid.id)
/// ```
public struct Authorizer: Sendable {
    private let decide: @Sendable (SPIFFEID) throws(SPIFFEError) -> Void

    /// Makes an authorizer of a rule.
    ///
    /// - Parameter decide: Throws, best with code `notAuthorized`, to refuse an ID.
    public init(_ decide: @escaping @Sendable (SPIFFEID) throws(SPIFFEError) -> Void) {
        self.decide = decide
    }

    /// Lets an ID pass or throws.
    ///
    /// - Throws: ``SPIFFEError`` with code `notAuthorized` when the ID is refused.
    public func authorize(_ id: SPIFFEID) throws(SPIFFEError) {
        try decide(id)
    }

    /// Accepts every ID of every trust domain that has a bundle.
    public static let any = Authorizer { (_) throws(SPIFFEError) in }

    /// Accepts one ID.
    public static func id(_ expected: SPIFFEID) -> Authorizer {
        oneOf([expected])
    }

    /// Accepts the IDs listed; an empty list refuses all.
    public static func oneOf(_ expected: some Sequence<SPIFFEID>) -> Authorizer {
        let expected = Set(expected)
        return Authorizer { (id) throws(SPIFFEError) in
            guard expected.contains(id) else {
                throw SPIFFEError(.notAuthorized, "unexpected ID \"\(id)\"")
            }
        }
    }

    /// Accepts every ID of a trust domain.
    public static func member(of trustDomain: TrustDomain) -> Authorizer {
        Authorizer { (id) throws(SPIFFEError) in
            guard id.isMember(of: trustDomain) else {
                throw SPIFFEError(.notAuthorized, "unexpected trust domain \"\(id.trustDomain)\"")
            }
        }
    }
}
