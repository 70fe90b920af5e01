// SPDX-License-Identifier: Apache-2.0

package import ComityAuthority
package import ComityRegistry
package import FoundationEssentials
package import Logging
package import SPIFFE
import Synchronization

/// A CA in files. They are read again for each CA that is signed; while they cannot be used, the last that could are.
package final class DiskUpstreamAuthority: UpstreamAuthority {
    private let settings: DiskUpstreamSettings
    private let trustDomain: TrustDomain
    private let now: @Sendable () -> Date
    private let logger: Logger
    private let ca: Mutex<DiskCA>

    /// - Throws: ``AuthorityError`` when the files cannot be used.
    package init(
        _ settings: DiskUpstreamSettings, trustDomain: TrustDomain, logger: Logger,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws {
        self.settings = settings
        self.trustDomain = trustDomain
        self.logger = logger
        self.now = now
        ca = Mutex(try DiskCA(settings, now: now()))
    }

    package func mintX509CA(request: [UInt8], ttl: TimeInterval) async throws -> UnverifiedCAChain {
        let request = try VerifiedCertificateRequest(derBytes: request)
        let ca = reload()
        let certificate = try X509CATemplate(trustDomain: trustDomain, ttl: ttl).sign(
            request.publicKey, name: request.subject, by: ca.chain[0], key: ca.key, now: now())
        return UnverifiedCAChain(certificates: [certificate] + ca.intermediates, roots: ca.roots)
    }

    package func publish(_ authority: JWTAuthority, expiresAt: Date) async throws -> BundleRecord? { nil }

    package func bundle() async throws -> BundleRecord? { nil }

    private func reload() -> DiskCA {
        do {
            let fresh = try DiskCA(settings, now: now())
            ca.withLock { $0 = fresh }
            return fresh
        } catch {
            logger.error(
                "Upstream CA files cannot be used; going on with those read before", metadata: ["error": "\(error)"])
            return ca.withLock { $0 }
        }
    }
}
