// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import ComityStorage
import ComityTelemetry
import ComityTransport
import Crypto
import FoundationEssentials
import GRPCCore
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
            HealthCheck("server.ca.rotator") { await rotation() },
            HealthCheck("catalog.datastore") { await datastore() },
        ] + publishing
    }

    /// A place that cannot be written is told; the server serves without it.
    private var publishing: [HealthCheck] {
        guard !parts.publishers.isEmpty else { return [] }
        return [
            HealthCheck("server.bundle_publishers") { [publishers = parts.publishers] in
                let failures = publishers.compactMap(\.failure)
                return HealthStatus(
                    isLive: true, isReady: true,
                    details: failures.isEmpty ? [:] : ["publish_bundle_err": failures.joined(separator: "; ")])
            }
        ]
    }

    /// The authority that signs goes on for half of its life: a rotation that fails is told at once and counts later.
    private func rotation() async -> HealthStatus {
        guard let failure = await parts.authorities.rotationFailure else { return .healthy }
        guard await parts.authorities.failedRotations > Self.maximumFailedRotations else {
            return HealthStatus(isLive: true, isReady: true, details: ["rotation_err": "\(failure)"])
        }
        return .failing("rotation_err", "\(failure)")
    }

    private func datastore() async -> HealthStatus {
        do {
            _ = try await parts.store.listBundles(page: PageRequest(size: 1))
        } catch {
            return .failing("list_bundle_err", "\(error)")
        }
        do {
            try await parts.database.checkWriting()
            return .healthy
        } catch {
            // A new start would find no more room, and give up what is served from memory.
            return .failing("write_err", "\(error)", isLive: true)
        }
    }

    private func check(
        _ name: String, _ detail: String, _ body: @Sendable @escaping () async throws -> Void
    ) -> HealthCheck {
        HealthCheck(name) {
            do {
                try await body()
                return .healthy
            } catch let error as RPCError {
                // Its cause is for programmers.
                return .failing(detail, error.message)
            } catch {
                return .failing(detail, "\(error)")
            }
        }
    }
}
