// SPDX-License-Identifier: Apache-2.0

import ComityKeys
import ComityRegistry
import ComityServer
import ComityStorage
import ComityTesting
import FoundationEssentials
import GRPCCore
import Logging
import SPIFFE
import ServerAPIProtos
import Testing

/// The registry's services over a real store, called as a handler is called.
final class ServiceFixture: Sendable {
    let trustDomain: TrustDomain
    let store: SQLStore
    let index: LiveEntryIndex
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        trustDomain = try TrustDomain("example.org")
        store = try SQLStore(path: folder.path("registry.db"), trustDomain: trustDomain)
        index = LiveEntryIndex(
            store: store, trustDomain: trustDomain, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    var entries: EntryService {
        EntryService(trustDomain: trustDomain, store: store, index: index, now: { TestTime.now })
    }

    var bundles: BundleService {
        BundleService(
            trustDomain: trustDomain, store: store,
            authorities: LocalAuthorities(
                settings: AuthoritySettings(trustDomain: trustDomain), keys: MemoryKeyManager(), bundles: store,
                journals: store, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
    }

    func relationships(_ refresher: any BundleRefresher = IdleRefresher()) -> TrustDomainService {
        TrustDomainService(trustDomain: trustDomain, store: store, refresher: refresher)
    }

    func withContext<Answer: Sendable>(
        _ body: @Sendable (ServerContext) async throws -> Answer
    ) async throws -> Answer {
        try await withServerContextRPCCancellationHandle { handle in
            try await body(
                ServerContext(
                    descriptor: MethodDescriptor(fullyQualifiedService: "test", method: "Test"), remotePeer: "",
                    localPeer: "", cancellation: handle))
        }
    }
}

/// Refreshes nothing, or fails as told.
struct IdleRefresher: BundleRefresher {
    var failure: (any Error)?

    func refreshBundle(of trustDomain: TrustDomain) async throws {
        if let failure { throw failure }
    }
}

/// Checks the code and the text that a call is refused with.
func expectRefusal(
    _ code: RPCError.Code, _ message: String, sourceLocation: SourceLocation = #_sourceLocation,
    _ work: () async throws -> Void
) async {
    do {
        try await work()
        Issue.record("was not refused", sourceLocation: sourceLocation)
    } catch {
        let error = error as? RPCError
        #expect(error?.code == code, sourceLocation: sourceLocation)
        #expect(error?.message == message, sourceLocation: sourceLocation)
    }
}

extension Spire_Api_Types_Status {
    /// For comparisons: `0 OK`.
    var text: String { "\(code) \(message)" }
}
