// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
public import SPIFFE
public import ServiceLifecycle

/// Keeps this workload's X509-SVIDs and the bundles of its peers fresh.
///
/// ```swift
/// let source = try X509Source()  // SPIFFE_ENDPOINT_SOCKET
/// async let running: Void = source.run()  // or add it to a ServiceGroup
/// try await source.ready()
/// let tls = WorkloadTLS.mutual(source, authorizer: .member(of: try TrustDomain("example.org")))
/// ```
///
/// While the agent is away the last material stays in use until it ends; when the agent denies us an identity, it is
/// dropped at once.
public final class X509Source: Service, X509CredentialSource, BundleSetSource {
    /// Chooses among the identities of a context; `nil` refuses all.
    public typealias Picker = @Sendable (X509Context) -> X509Credential?

    private let client: WorkloadAPIClient
    private let pick: Picker
    private let broadcast = StateBroadcast<X509Context>()

    /// Makes a source, which has nothing before ``run()``.
    ///
    /// - Parameters:
    ///   - client: Names the agent.
    ///   - pick: Chooses the identity to present, by default the agent's first.
    public init(client: WorkloadAPIClient, pick: @escaping Picker = { $0.defaultCredential }) {
        self.client = client
        self.pick = pick
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
            try await StreamFollower(stream: .x509Contexts, client: self.client, complain: self.broadcast.complain)
                .follow(calls, deliver: self.broadcast.publish)
        }
    }

    /// Waits until there is an identity.
    ///
    /// - Throws: ``WorkloadAPIError`` when the source ended without one.
    public func ready() async throws {
        _ = try await broadcast.first { pick($0) != nil }
    }

    /// What the agent said last; without credentials when it denied us any, `nil` before its first answer.
    public var context: X509Context? { broadcast.state }

    /// The present context first, then each new one.
    public var updates: StateUpdates<X509Context> { broadcast.updates }

    /// The identity to present now.
    ///
    /// - Throws: ``WorkloadAPIError`` with code `notReady`, `permissionDenied`, `noIdentity` or `expired`.
    public var credential: X509Credential {
        get throws(WorkloadAPIError) { try credential(at: .now) }
    }

    /// The bundles of our trust domains and those federated with; X.509 authorities only.
    public var bundles: BundleSet { context?.bundles ?? BundleSet() }

    func credential(at now: Date) throws(WorkloadAPIError) -> X509Credential {
        guard let context else { throw broadcast.notReady(at: client.address) }
        guard let credential = pick(context) else {
            if context.credentials.isEmpty, let complaint = broadcast.complaint { throw complaint }
            throw WorkloadAPIError(
                .noIdentity, "none of the \(context.credentials.count) identities of this workload is wanted here")
        }
        guard now < credential.expiresAt else {
            throw WorkloadAPIError(
                .expired, "X509-SVID of \(credential.id) ended at \(credential.expiresAt.formatted(.iso8601))",
                cause: broadcast.complaint)
        }
        return credential
    }
}
