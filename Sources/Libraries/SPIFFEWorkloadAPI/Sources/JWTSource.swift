// SPDX-License-Identifier: Apache-2.0

public import FoundationEssentials
public import SPIFFE
public import ServiceLifecycle
import Synchronization

/// Fetches JWT-SVIDs and keeps fresh the keys that tokens of peers are verified by.
///
/// ```swift
/// let source = try JWTSource()  // SPIFFE_ENDPOINT_SOCKET
/// async let running: Void = source.run()  // or add it to a ServiceGroup
/// let token = try await source.fetch(audience: ["spiffe://example.org/db"])
/// try await source.ready()
/// let caller = try source.verify(token: presented, audience: ["spiffe://example.org/web"]).id
/// ```
public final class JWTSource: Service, BundleSetSource {
    private let client: WorkloadAPIClient
    private let broadcast = StateBroadcast<BundleSet>()
    private let connection = Mutex<WorkloadAPICalls?>(nil)

    /// Makes a source, which has no keys before ``run()``.
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
    /// - Throws: ``WorkloadAPIError`` when repeating is no use, because the call itself is refused.
    public func run() async throws {
        try await broadcast.running(client) { calls in
            self.connection.withLock { $0 = calls }
            defer { self.connection.withLock { $0 = nil } }
            try await StreamFollower(stream: .jwtBundles, client: self.client, complain: self.broadcast.complain)
                .follow(calls, deliver: self.broadcast.publish)
        }
    }

    /// Waits until there are keys.
    ///
    /// - Throws: ``WorkloadAPIError`` when the source ended without any.
    public func ready() async throws {
        _ = try await broadcast.first { !$0.trustDomains.isEmpty }
    }

    /// The keys of our trust domain and those federated with; JWT authorities only.
    public var bundles: BundleSet { broadcast.state ?? BundleSet() }

    /// The present bundles first, then each new set.
    public var updates: StateUpdates<BundleSet> { broadcast.updates }

    /// Asks for a JWT-SVID of our own. The agent keeps tokens that are still good, so asking each time is right.
    ///
    /// - Parameters:
    ///   - audience: Whom the token will be presented to; at least one.
    ///   - id: Which of our identities the token shall carry; `nil` is the default one.
    /// - Throws: ``WorkloadAPIError``.
    public func fetch(audience: [String], id: SPIFFEID? = nil) async throws -> JWTCredential {
        guard let connection = connection.withLock({ $0 }) else {
            return try await client.fetchJWTCredential(audience: audience, id: id)
        }
        do {
            return try await connection.fetchJWTCredentials(audience: audience, id: id)[0]
        } catch {
            throw WorkloadAPIError(describing: error, at: client.address)
        }
    }

    /// Verifies a token that was presented to us, by the keys at hand.
    ///
    /// - Parameters:
    ///   - token: The token, without `Bearer`.
    ///   - audience: Our names; the token has to be for one of them.
    ///   - now: When the token has to be in force.
    /// - Throws: ``SPIFFEError`` with code `invalidJWTSVID` or `noBundle`.
    public func verify(token: String, audience: [String], at now: Date = .now) throws(SPIFFEError) -> JWTSVID {
        try UnverifiedJWTSVID(token: token).verified(by: bundles, audience: audience, at: now)
    }
}
