// SPDX-License-Identifier: Apache-2.0

public import FoundationEssentials
public import X509

/// A verified X509-SVID: at the time of verification its ID was vouched for by an authority of the ID's trust domain.
///
/// Made only by ``UnverifiedX509SVID/verified(by:at:role:limits:)``.
public struct X509SVID: Hashable, Sendable {
    /// What the SVID is about to be used for, which extended key usage may forbid.
    public struct Role: Hashable, Sendable {
        private enum Name {
            case any, server, client
        }

        private let name: Name

        /// No particular use.
        public static let any = Role(name: .any)
        /// The holder answers TLS connections.
        public static let server = Role(name: .server)
        /// The holder opens TLS connections.
        public static let client = Role(name: .client)
    }

    /// The identity that was proven.
    public let id: SPIFFEID

    /// The verified path: leaf first, then the intermediates that were needed, without the authority.
    public let certificates: [Certificate]

    /// The authority that ended the path.
    public let authority: Certificate

    /// The leaf's start of validity.
    public var notBefore: Date { leaf.notValidBefore }

    /// The leaf's end of validity.
    public var expiresAt: Date { leaf.notValidAfter }

    /// The certificate that carries the ID.
    public let leaf: Certificate

    init(id: SPIFFEID, leaf: Certificate, intermediates: [Certificate], authority: Certificate) {
        self.id = id
        self.leaf = leaf
        certificates = [leaf] + intermediates
        self.authority = authority
    }
}
