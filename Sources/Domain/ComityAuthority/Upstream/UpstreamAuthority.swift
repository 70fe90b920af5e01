// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import FoundationEssentials
package import SPIFFE

/// What stands above the authorities of a server: it signs the server's X.509 CAs, so that SVIDs are verified by its
/// roots.
///
/// Whatever fails is thrown; the server goes on with what it has and asks again.
package protocol UpstreamAuthority: Sendable {
    /// Has the CA signed that the PKCS #10 request is for.
    ///
    /// - Parameter ttl: The seconds it should live; it may be given less.
    func mintX509CA(request: [UInt8], ttl: TimeInterval) async throws -> UnverifiedCAChain

    /// Makes a JWT key known above.
    ///
    /// - Returns: What is known there now; `nil` when nothing above takes keys.
    func publish(_ authority: JWTAuthority, expiresAt: Date) async throws -> BundleRecord?

    /// What the trust domain is verified by, as seen from above; `nil` when that is only told with each CA.
    func bundle() async throws -> BundleRecord?
}
