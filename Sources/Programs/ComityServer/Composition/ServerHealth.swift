// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import ComityStorage
import ComityTelemetry
import ComityTransport
import Crypto
import FoundationEssentials
import SPIFFE
import ServerAPIProtos
import X509

/// Whether the server can do its work now: SPIRE's four questions.
struct ServerHealth: Sendable {
    private static let callTimeout = Duration.seconds(10)
    private static let maximumFailedRotations = 10

    let settings: ServerSettings
    let parts: ServerParts
    let time: ServerTime

    var checks: [HealthCheck] {
        [
            check("server", "get_bundle_err") {
                try await GRPCConnector.unix(path: settings.socketPath, callTimeout: Self.callTimeout).withClient {
                    _ = try await Spire_Api_Server_Bundle_V1_Bundle.Client(wrapping: $0).getBundle(.init())
                }
            },
            check("server.ca", "sign_x509_svid_err") {
                let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
                let id = try SPIFFEID(trustDomain: settings.trustDomain, path: "/for/health/check/only")
                _ = try parts.authorities.issuers.x509.issue(
                    X509SVIDTemplate(id: id, publicKey: key.publicKey, ttl: 60), now: time.now())
            },
            check("server.ca.rotator", "rotation_err") {
                let failures = await parts.authorities.failedRotations
                guard failures <= Self.maximumFailedRotations else {
                    throw AuthorityError(.notReady, "rotations exceed the threshold number of failures")
                }
            },
            check("catalog.datastore", "list_bundle_err") {
                _ = try await parts.store.listBundles(page: PageRequest(size: 1))
            },
        ]
    }

    private func check(
        _ name: String, _ detail: String, _ body: @Sendable @escaping () async throws -> Void
    ) -> HealthCheck {
        HealthCheck(name) {
            do {
                try await body()
                return .healthy
            } catch {
                return .failing(detail, error)
            }
        }
    }
}
