// SPDX-License-Identifier: Apache-2.0

public import SPIFFE
public import ServiceLifecycle
import Synchronization

/// Keeps the bundles fresh, for who verifies X509-SVIDs and JWT-SVIDs without having an identity to present.
///
/// ```swift
/// let source = try BundleSource()  // SPIFFE_ENDPOINT_SOCKET
/// async let running: Void = source.run()  // or add it to a ServiceGroup
/// try await source.ready()
/// let svid = try UnverifiedJWTSVID(token: text).verified(by: source.bundles, audience: ["db"], at: .now)
/// ```
public final class BundleSource: Service, BundleSetSource {
    private struct Halves: Sendable {
        var x509: BundleSet?
        var jwt: BundleSet?
    }

    private typealias SetHalf = @Sendable (inout Halves, BundleSet) -> Void

    private let client: WorkloadAPIClient
    private let broadcast = StateBroadcast<BundleSet>()
    private let halves = Mutex(Halves())

    /// Makes a source, which has nothing before ``run()``.
    public init(client: WorkloadAPIClient) {
        self.client = client
    }

    /// Makes a source for the agent that the environment variable `SPIFFE_ENDPOINT_SOCKET` names.
    ///
    /// - Throws: ``WorkloadAPIError`` with code `noAddress` or `invalidAddress`.
    public convenience init() throws(WorkloadAPIError) {
        self.init(client: try WorkloadAPIClient())
    }

    /// Stays in touch with the agent until cancelled or gracefully shut down.
    ///
    /// - Throws: ``WorkloadAPIError`` when repeating is no use, because a call itself is refused.
    public func run() async throws {
        try await broadcast.running(client) { calls in
            try await withThrowingTaskGroup { group in
                group.addTask { try await self.follow(.x509Bundles, as: { $0.x509 = $1 }, calls) }
                group.addTask { try await self.follow(.jwtBundles, as: { $0.jwt = $1 }, calls) }
                try await group.waitForAll()
            }
        }
    }

    /// Waits until bundles of both kinds came.
    ///
    /// - Throws: ``WorkloadAPIError`` when the source ended without any.
    public func ready() async throws {
        _ = try await broadcast.first { !$0.trustDomains.isEmpty }
    }

    /// The bundles of our trust domain and those federated with: X.509 and JWT authorities.
    public var bundles: BundleSet { broadcast.state ?? BundleSet() }

    /// The present bundles first, then each new set.
    public var updates: StateUpdates<BundleSet> { broadcast.updates }

    private func follow(
        _ stream: WorkloadStream<BundleSet>, as half: @escaping SetHalf,
        _ calls: WorkloadAPICalls
    ) async throws {
        do {
            try await StreamFollower(stream: stream, client: client, complain: broadcast.complain)
                .follow(calls) { self.take($0, as: half) }
        } catch let error as WorkloadAPIError where error.code == .unimplemented {
            // A profile may be switched off; the other one goes on.
            take(BundleSet(), as: half)
        }
    }

    /// Publishes within the lock, so that sets are seen in the order in which they came about.
    private func take(_ bundles: BundleSet, as half: SetHalf) {
        halves.withLock { halves in
            half(&halves, bundles)
            guard let x509 = halves.x509, let jwt = halves.jwt else { return }
            broadcast.publish(Self.merge(x509, jwt))
        }
    }

    private static func merge(_ x509: BundleSet, _ jwt: BundleSet) -> BundleSet {
        var merged = x509
        for trustDomain in jwt.trustDomains {
            var bundle = merged[trustDomain] ?? SPIFFEBundle(trustDomain: trustDomain)
            bundle.jwtAuthorities = jwt[trustDomain]?.jwtAuthorities ?? []
            merged[trustDomain] = bundle
        }
        return merged
    }
}
