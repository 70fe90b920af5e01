// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import SPIFFE
import Synchronization

/// The steps of one attempt that touch the world.
struct BundleAttempt: Sendable {
    let attempt: FetchAttempt
    let store: any RegistryStore
    let fetcher: any BundleFetcher
    let ownership: AuthorityOwnership

    /// - Returns: `nil` when the attempt was given up.
    func fetch() async -> Result<BundleDocument, FederationFailure>? {
        let trusted: SPIFFEBundle?
        do {
            trusted = try await trustedBundle()
        } catch is CancellationError {
            return nil
        } catch {
            return .failure(FederationFailure(.store, "failed to fetch local federated bundle: \(error)"))
        }
        do {
            return .success(try await fetcher.fetchBundle(of: attempt.relationship, trusting: trusted))
        } catch let failure as FederationFailure {
            return .failure(failure)
        } catch is CancellationError {
            return nil
        } catch {
            return .failure(
                FederationFailure(.connect, "failed to fetch federated bundle from endpoint: \(error)"))
        }
    }

    /// Judges the bundle over the stored one and stores it if that is the judgement, in one transaction.
    ///
    /// - Parameter dynamic: the relationship if it is kept in the store: if it was deleted there in the meantime, it must
    ///   not bring its bundle back.
    /// - Returns: `nil` when the attempt was given up.
    func store(
        _ bundle: SPIFFEBundle, while dynamic: FederationRelationship?
    ) async -> Result<BundleAcceptance, FederationFailure>? {
        let verdict = Verdict()
        do {
            try await checkOwnership(of: bundle)
            try await store.changeBundle(of: attempt.trustDomain, while: dynamic) { record in
                let acceptance = BundleAcceptance(of: bundle, over: record?.bundle)
                if acceptance == .store {
                    record = record ?? BundleRecord(SPIFFEBundle(trustDomain: bundle.trustDomain))
                    record?.replace(with: bundle)
                }
                verdict.acceptance.withLock { $0 = acceptance }
            }
        } catch let failure as FederationFailure {
            return .failure(failure)
        } catch is CancellationError {
            return nil
        } catch {
            return .failure(FederationFailure(.store, "failed to store fetched federated bundle: \(error)"))
        }
        return .success(verdict.acceptance.withLock { $0 })
    }

    /// Most polls bring nothing new, and what is stored was looked at when it came.
    private func checkOwnership(of bundle: SPIFFEBundle) async throws {
        let stored = try await store.bundle(of: attempt.trustDomain)?.bundle
        guard BundleAcceptance(of: bundle, over: stored) == .store else { return }
        try ownership.check(bundle, against: try await store.listBundles(page: .all).items.map(\.bundle))
    }

    private func trustedBundle() async throws -> SPIFFEBundle? {
        guard case .httpsSPIFFE(let endpointID) = attempt.relationship.profile else { return nil }
        return try await store.bundle(of: endpointID.trustDomain)?.bundle
    }
}

/// Brings the judgement out of the transaction.
private final class Verdict: Sendable {
    let acceptance = Mutex(BundleAcceptance.unchanged)
}
