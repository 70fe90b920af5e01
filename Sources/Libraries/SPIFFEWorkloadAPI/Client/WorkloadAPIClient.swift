// SPDX-License-Identifier: Apache-2.0

public import Logging
public import SPIFFE

/// Asks the SPIFFE agent of this machine for identities and bundles.
///
/// ```swift
/// let client = try WorkloadAPIClient()  // SPIFFE_ENDPOINT_SOCKET=unix:///tmp/spire-agent/public/api.sock
/// let context = try await client.fetchX509Context()
/// let token = try await client.fetchJWTCredential(audience: ["spiffe://example.org/db"])
/// for try await update in client.x509Contexts { print(update.defaultCredential?.id as Any) }
/// ```
///
/// Each call opens a connection of its own. A program that runs on keeps an ``X509Source``, ``JWTSource`` or
/// ``BundleSource`` instead, which always have the newest material at hand.
public struct WorkloadAPIClient: Sendable {
    /// The longest answer that is read, which is what gRPC libraries agree on.
    static let maximumAnswerSize = 4 << 20

    /// Where the agent listens.
    public let address: WorkloadAPIAddress

    /// How long to wait before a stream is opened again.
    public var backoff = ReconnectBackoff()

    /// How long an answer may take, and the first message of a `fetch…` call too.
    public var callTimeout = Duration.seconds(30)

    /// Hears of streams that failed and of answers that were discarded; silent unless set.
    public var logger = Logger(label: "spiffe.workloadapi") { _ in SwiftLogNoOpLogHandler() }

    /// Names the agent's address.
    public init(address: WorkloadAPIAddress) {
        self.address = address
    }

    /// Takes the address from the environment variable `SPIFFE_ENDPOINT_SOCKET`.
    ///
    /// - Throws: ``WorkloadAPIError`` with code `noAddress` or `invalidAddress`.
    public init() throws(WorkloadAPIError) {
        self.init(address: try .fromEnvironment())
    }

    // MARK: - X.509 profile

    /// What this workload has for X.509 at this moment.
    ///
    /// - Throws: ``WorkloadAPIError``.
    public func fetchX509Context() async throws -> X509Context {
        try await first(of: .x509Contexts)
    }

    /// The X.509 bundles that this workload may verify peers by, at this moment.
    ///
    /// - Throws: ``WorkloadAPIError``.
    public func fetchX509Bundles() async throws -> BundleSet {
        try await first(of: .x509Bundles)
    }

    /// What this workload has for X.509, now and after each change.
    ///
    /// Every element is complete; one that was not taken in time gives way to the next. While the agent is away nothing comes;
    /// when it denies us our identities, a context without any comes. Ends with an error only when repeating is no use.
    public var x509Contexts: StateUpdates<X509Context> {
        states(of: .x509Contexts)
    }

    /// The X.509 bundles that this workload may verify peers by, now and after each change, as ``x509Contexts``.
    public var x509Bundles: StateUpdates<BundleSet> {
        states(of: .x509Bundles)
    }

    // MARK: - JWT profile

    /// Asks for a JWT-SVID, that of the default identity unless an ID is given.
    ///
    /// - Parameters:
    ///   - audience: Whom the token will be presented to; at least one.
    ///   - id: Which of our identities the token shall carry.
    /// - Throws: ``WorkloadAPIError``.
    public func fetchJWTCredential(audience: [String], id: SPIFFEID? = nil) async throws -> JWTCredential {
        try await fetchJWTCredentials(audience: audience, id: id)[0]
    }

    /// Asks for a JWT-SVID of each of our identities, or of one.
    ///
    /// - Parameters:
    ///   - audience: Whom the tokens will be presented to; at least one.
    ///   - id: Which of our identities the token shall carry; `nil` asks for all.
    /// - Returns: At least one; no two have the same non-empty hint.
    /// - Throws: ``WorkloadAPIError``.
    public func fetchJWTCredentials(audience: [String], id: SPIFFEID? = nil) async throws -> [JWTCredential] {
        try await withCalls { try await $0.fetchJWTCredentials(audience: audience, id: id) }
    }

    /// The keys that this workload may verify tokens by, at this moment.
    ///
    /// - Throws: ``WorkloadAPIError``.
    public func fetchJWTBundles() async throws -> BundleSet {
        try await first(of: .jwtBundles)
    }

    /// The keys that this workload may verify tokens by, now and after each change, as ``x509Contexts``.
    public var jwtBundles: StateUpdates<BundleSet> {
        states(of: .jwtBundles)
    }

    /// Lets the agent validate a token that was presented to us.
    ///
    /// - Parameters:
    ///   - token: The token, without `Bearer`.
    ///   - audience: Our name, one of those that the token has to be for.
    /// - Throws: ``WorkloadAPIError`` with code `invalidArgument` when the token is not valid.
    public func validateJWTSVID(_ token: String, audience: String) async throws -> JWTValidation {
        try await withCalls { try await $0.validateJWTSVID(token, audience: audience) }
    }
}
