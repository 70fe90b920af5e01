// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTransport
import ComityWorkloads
import GRPCCore
import SPIFFE

/// The right of one caller to act for workloads, as far as its own identity goes.
struct Delegation: Sendable {
    private let selectors: Set<Selector>
    private let delegates: Set<SPIFFEID>
    private let store: WorkloadStore

    /// - Throws: `RPCError` when the caller is nobody who was named, or cannot be looked at.
    init(
        of caller: LocalPeer?, delegates: Set<SPIFFEID>, attestation: CallerAttestation, store: WorkloadStore
    ) async throws(RPCError) {
        self.delegates = delegates
        self.store = store
        selectors = try await attestation.selectors(of: caller)
        try check()
    }

    /// Asked again before every message of a stream: an entry may have been taken away meanwhile.
    ///
    /// - Throws: `RPCError` with code `permissionDenied`.
    func check() throws(RPCError) {
        let identities = store.update(for: selectors).identities
        guard !identities.isEmpty else { throw .noIdentity }
        guard identities.contains(where: { delegates.contains($0.entry.spiffeID) }) else {
            throw RPCError(code: .permissionDenied, message: "caller not configured as an authorized delegate")
        }
    }
}

extension RPCError {
    static let noIdentity = RPCError(code: .permissionDenied, message: "no identity issued")
}
