// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import GRPCCore
import SPIFFE
import SPIFFEWorkloadAPI
import Testing

@Suite(.timeLimit(.minutes(1))) struct BundleSourceTests {
    @Test func joinsBothKinds() async throws {
        let ca = try TestCA("example.org")
        let jwt = try TestJWTKey(keyID: "k")
        try await FakeWorkloadAPI().serving { agent in
            agent.x509Bundles.send(.of(try ca.bundle))
            agent.jwtBundles.send(.of(SPIFFEBundle(trustDomain: ca.trustDomain, jwtAuthorities: [jwt.authority])))
            let source = BundleSource(client: try agent.client)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await source.run() }
                defer { group.cancelAll() }
                try await source.ready()
                let bundle = try #require(source.bundles[ca.trustDomain])
                #expect(bundle.x509Authorities == (try ca.bundle.x509Authorities))
                #expect(bundle.jwtAuthorities == [jwt.authority])
            }
        }
    }

    @Test("WAPI-03: goes on with the other profile when one is not offered")
    func outlivesUnimplementedProfile() async throws {
        let ca = try TestCA("example.org")
        try await FakeWorkloadAPI().serving { agent in
            agent.x509Bundles.send(.of(try ca.bundle))
            agent.jwtBundles.refuse(.unimplemented)
            let source = BundleSource(client: try agent.client)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await source.run() }
                defer { group.cancelAll() }
                try await source.ready()
                let next = try TestCA("example.org", commonName: "Next")
                var updates = source.updates.makeAsyncIterator()
                _ = try await updates.next()
                agent.x509Bundles.send(.of(try next.bundle))
                #expect(try await updates.next()?[ca.trustDomain] == (try next.bundle))
                #expect(agent.calls.filter { $0.method == "FetchJWTBundles" }.count == 1)
            }
        }
    }
}
