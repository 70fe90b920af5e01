// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTesting
import SPIFFE
import Testing

@Suite struct ChangeFeedTests {
    @Test(arguments: StoreKind.allCases)
    func tellsWhatWasCommitted(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let other = try TrustDomain("other.test")
            var changes = store.changes().makeAsyncIterator()
            let node = try AttestedNode.fixture()
            let entry = try await store.create(try .fixture())
            #expect(await failure { _ = try await store.deleteEntry(id: "none") } == .notFound)
            try await store.putNode(node)
            try await store.setBundle(BundleRecord(SPIFFEBundle(trustDomain: other)))
            _ = try await store.changeBundle(of: other) { _ in }
            let relationship = FederationRelationship(
                trustDomain: other, bundleEndpointURL: "https://other.test", profile: .httpsWeb)
            try await store.createRelationship(relationship, bundle: nil)
            _ = try await store.deleteEntry(id: entry.id)
            let expected: [RegistryChange] = [
                .entry(id: entry.id), .node(node.id), .bundle(other), .relationship(other), .entry(id: entry.id),
            ]
            for change in expected {
                #expect(await changes.next() == change)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func tellsAReaderThatFellBehindToReadAllAnew(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let slow = store.changes()
            for number in 0..<1500 {
                try await store.setBundle(BundleRecord(SPIFFEBundle(trustDomain: try TrustDomain("td\(number)"))))
            }
            var received: [RegistryChange] = []
            for await change in slow {
                received.append(change)
                if change == .bundle(try TrustDomain("td1499")) { break }
            }
            #expect(received.count < 1500)
            #expect(received.contains(.everything))
        }
    }
}
