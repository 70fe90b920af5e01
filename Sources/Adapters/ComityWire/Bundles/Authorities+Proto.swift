// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import FoundationEssentials
import SPIFFE
package import ServerAPIProtos

extension [X509Authority] {
    /// Reads authorities, each once; whether they are tainted is for the server to say, never for the sender.
    ///
    /// - Throws: ``RegistryError`` with code `invalidArgument`.
    package init(_ protos: [Spire_Api_Types_X509Certificate]) throws(RegistryError) {
        self.init()
        var seen: Set<X509Authority> = []
        for proto in protos {
            do {
                let authority = try X509Authority(derBytes: [UInt8](proto.asn1))
                if seen.insert(authority).inserted { append(authority) }
            } catch {
                throw RegistryError(.invalidArgument, "unable to parse X.509 authority: \(error)")
            }
        }
    }
}

extension [JWTAuthority] {
    /// Reads authorities, each once.
    ///
    /// - Throws: ``RegistryError`` with code `invalidArgument`, for a key that no JWT-SVID can be signed with too.
    package init(_ protos: [Spire_Api_Types_JWTKey]) throws(RegistryError) {
        try self.init(received: protos)
        if let useless = first(where: { !$0.fitsAnyAlgorithm }) {
            throw RegistryError(
                .invalidArgument,
                """
                unable to parse JWT authority: key "\(useless.keyID)" fits no algorithm of JWT-SVID; \
                use EC P-256, P-384 or P-521, or RSA from 2048 bits
                """)
        }
    }

    /// Reads authorities that a server sent, each once: one that is of no use must not cost the others.
    ///
    /// - Throws: ``RegistryError`` with code `invalidArgument`.
    package init(received protos: [Spire_Api_Types_JWTKey]) throws(RegistryError) {
        self.init()
        var seen: Set<JWTAuthority> = []
        for proto in protos {
            guard !proto.keyID.isEmpty else {
                throw RegistryError(.invalidArgument, "unable to parse JWT authority: missing key ID")
            }
            do {
                let authority = try JWTAuthority(keyID: proto.keyID, publicKeyDERBytes: [UInt8](proto.publicKey))
                if seen.insert(authority).inserted { append(authority) }
            } catch {
                throw RegistryError(.invalidArgument, "unable to parse JWT authority: \(error)")
            }
        }
    }
}

extension [Spire_Api_Types_JWTKey] {
    /// When the keys end, by key ID.
    package var expirations: [String: Date] {
        reduce(into: [:]) { $0[$1.keyID] = Date(unixSeconds: $1.expiresAt) }
    }
}
