// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import SPIFFE
import Synchronization

/// Answers as told and tells what it was asked.
final class ScriptedFetcher: BundleFetcher {
    enum Answer: Sendable {
        case document([UInt8])
        case failure(FederationFailure)
        /// Until cancelled.
        case hang
    }

    private struct State {
        var answers: [TrustDomain: Answer] = [:]
        var calls: [FederationRelationship] = []
        var cancelled: [FederationRelationship] = []
    }

    private let state = Mutex(State())
    /// Tells each call and each cancellation once it has happened.
    let events: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (events, continuation) = AsyncStream.makeStream()
    }

    func answer(_ trustDomain: TrustDomain, _ answer: Answer) {
        state.withLock { $0.answers[trustDomain] = answer }
    }

    func answer(_ bundle: SPIFFEBundle) {
        answer(bundle.trustDomain, .document(bundle.document()))
    }

    var calls: [FederationRelationship] { state.withLock { $0.calls } }
    var cancelled: [FederationRelationship] { state.withLock { $0.cancelled } }

    func fetchBundle(
        of relationship: FederationRelationship, trusting trusted: SPIFFEBundle?
    ) async throws -> BundleDocument {
        let answer = state.withLock { state in
            state.calls.append(relationship)
            return state.answers[relationship.trustDomain] ?? .hang
        }
        continuation.yield()
        switch answer {
        case .document(let bytes): return try BundleDocument(parsing: bytes, trustDomain: relationship.trustDomain)
        case .failure(let failure): throw failure
        case .hang:
            // Ends by cancellation only.
            for await _ in AsyncStream<Never>.makeStream().stream {}
            state.withLock { $0.cancelled.append(relationship) }
            continuation.yield()
            throw CancellationError()
        }
    }
}
