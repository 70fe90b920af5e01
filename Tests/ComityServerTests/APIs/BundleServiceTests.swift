// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityServer
import ComityStorage
import ComityTesting
import ComityWire
import FoundationEssentials
import GRPCCore
import SPIFFE
import ServerAPIProtos
import Testing

@Suite struct BundleServiceTests {
    typealias Mode = Spire_Api_Server_Bundle_V1_BatchDeleteFederatedBundleRequest.Mode

    private let fixture: ServiceFixture
    private let other: TrustDomain

    init() throws {
        fixture = try ServiceFixture()
        other = try TrustDomain("other.test")
    }

    private func proto(
        _ trustDomain: String = "other.test", keys: [String] = ["a"], sequence: UInt64? = 1
    ) throws -> Spire_Api_Types_Bundle {
        try Spire_Api_Types_Bundle(
            BundleRecord(.fixture(of: TrustDomain(trustDomain), keys: keys, sequence: sequence, hint: 60)))
    }

    private func set(_ bundle: Spire_Api_Types_Bundle) async throws -> Spire_Api_Types_Status {
        var request = Spire_Api_Server_Bundle_V1_BatchSetFederatedBundleRequest()
        request.bundle = [bundle]
        let response = try await fixture.withContext { [request] in
            try await fixture.bundles.batchSetFederatedBundle(request: request, context: $0)
        }
        return try #require(response.results.first).status
    }

    private func get(_ trustDomain: String) async throws -> Spire_Api_Types_Bundle {
        var request = Spire_Api_Server_Bundle_V1_GetFederatedBundleRequest()
        request.trustDomain = trustDomain
        return try await fixture.withContext { [request] in
            try await fixture.bundles.getFederatedBundle(request: request, context: $0)
        }
    }

    private func delete(_ trustDomain: String, _ mode: Mode) async throws -> Spire_Api_Types_Status {
        var request = Spire_Api_Server_Bundle_V1_BatchDeleteFederatedBundleRequest()
        request.trustDomains = [trustDomain]
        request.mode = mode
        let response = try await fixture.withContext { [request] in
            try await fixture.bundles.batchDeleteFederatedBundle(request: request, context: $0)
        }
        #expect(response.results.map(\.trustDomain) == [trustDomain])
        return try #require(response.results.first).status
    }

    @Test func anOperatorsBundleAlwaysWins() async throws {
        let newer = try proto(keys: ["a", "b"], sequence: 9)
        let older = try proto(keys: ["c"], sequence: 2)
        #expect(try await set(newer).text == "0 OK")
        #expect(try await set(older).text == "0 OK")
        #expect(try await get("other.test") == older)
        #expect(try await get("spiffe://other.test") == older)
    }

    @Test("D-20: of a foreign trust domain both keys under one ID are kept") func keepsBothForeignKeysOfOneID()
        async throws
    {
        var twins = try proto(keys: ["a", "b"])
        twins.jwtAuthorities[1].keyID = "a"
        #expect(try await set(twins).text == "0 OK")
        #expect(try await get("other.test") == twins)
    }

    @Test func aWrongBundleLeavesTheOldOne() async throws {
        _ = try await set(try proto())
        var wrong = try proto(keys: ["a", "b"])
        wrong.jwtAuthorities[1].publicKey = Data([1])
        #expect(try await set(wrong).message.hasPrefix("failed to convert bundle: unable to parse JWT authority: "))
        #expect(try await get("other.test") == (try proto()))
    }

    @Test func refusesTheOwnTrustDomain() async throws {
        let own = try proto("example.org")
        #expect(
            try await set(own).text
                == "3 setting a federated bundle for the server's own trust domain is not allowed")
        var creation = Spire_Api_Server_Bundle_V1_BatchCreateFederatedBundleRequest()
        creation.bundle = [own]
        let created = try await fixture.withContext { [creation] in
            try await fixture.bundles.batchCreateFederatedBundle(request: creation, context: $0)
        }
        #expect(
            created.results.map(\.status.text)
                == ["3 creating a federated bundle for the server's own trust domain is not allowed"])
        var update = Spire_Api_Server_Bundle_V1_BatchUpdateFederatedBundleRequest()
        update.bundle = [own]
        let updated = try await fixture.withContext { [update] in
            try await fixture.bundles.batchUpdateFederatedBundle(request: update, context: $0)
        }
        #expect(
            updated.results.map(\.status.text)
                == ["3 updating a federated bundle for the server's own trust domain is not allowed"])
        #expect(
            try await delete("example.org", .delete).text
                == "3 removing the bundle for the server trust domain is not allowed")
        await expectRefusal(
            .invalidArgument, "getting a federated bundle for the server's own trust domain is not allowed"
        ) { _ = try await get("example.org") }
        #expect(try await fixture.store.countBundles() == 0)
    }

    @Test func namesAnInvalidTrustDomain() async throws {
        let text = "trust domain argument is not valid: trust domain is missing"
        #expect(try await set(Spire_Api_Types_Bundle()).text == "3 \(text)")
        #expect(try await delete("", .restrict).text == "3 \(text)")
        await expectRefusal(.invalidArgument, text) { _ = try await get("") }
    }

    @Test func createsOnceAndUpdatesWhatIsThere() async throws {
        var creation = Spire_Api_Server_Bundle_V1_BatchCreateFederatedBundleRequest()
        creation.bundle = [try proto(), try proto()]
        creation.outputMask = Spire_Api_Types_BundleMask([.sequenceNumber])
        let created = try await fixture.withContext { [creation] in
            try await fixture.bundles.batchCreateFederatedBundle(request: creation, context: $0)
        }
        #expect(created.results.map(\.status.text) == ["0 OK", "6 bundle already exists"])
        #expect(created.results.map(\.hasBundle) == [true, false])
        #expect(created.results[0].bundle.sequenceNumber == 1)
        #expect(created.results[0].bundle.jwtAuthorities.isEmpty)

        var update = Spire_Api_Server_Bundle_V1_BatchUpdateFederatedBundleRequest()
        update.bundle = [try proto(keys: ["b"], sequence: 5), try proto("third.test")]
        update.inputMask = Spire_Api_Types_BundleMask([.sequenceNumber])
        let updated = try await fixture.withContext { [update] in
            try await fixture.bundles.batchUpdateFederatedBundle(request: update, context: $0)
        }
        #expect(updated.results.map(\.status.text) == ["0 OK", "5 bundle not found"])
        #expect(try await get("other.test") == (try proto(keys: ["a"], sequence: 5)))
    }

    @Test func deletesAsTheModeSays() async throws {
        var entry = Entry(
            spiffeID: try SPIFFEID("spiffe://example.org/a"), parentID: try SPIFFEID("spiffe://example.org/p"),
            selectors: [try Selector("u:1")])
        entry.federatesWith = [other]
        _ = try await fixture.store.createEntry(entry, now: TestTime.now)
        _ = try await set(try proto())
        #expect(
            try await delete("other.test", .restrict).text
                == "9 failed to delete federated bundle: datastore-sql: cannot delete bundle; federated with "
                + "1 registration entries")
        #expect(try await delete("other.test", .dissociate).text == "0 OK")
        #expect(try await fixture.store.countEntries(EntryFilter()) == 1)
        #expect(try await delete("other.test", .restrict).text == "5 bundle not found")
        await expectRefusal(.notFound, "bundle not found") { _ = try await get("other.test") }
        await expectRefusal(.invalidArgument, "failed to parse deletion mode: unhandled delete mode \"7\"") {
            _ = try await delete("other.test", .UNRECOGNIZED(7))
        }
    }

    @Test func leavesTheOwnBundleOutOfTheList() async throws {
        try await fixture.store.setBundle(BundleRecord(SPIFFEBundle(trustDomain: fixture.trustDomain)))
        _ = try await set(try proto())
        var request = Spire_Api_Server_Bundle_V1_ListFederatedBundlesRequest()
        let all = try await fixture.withContext { [request] in
            try await fixture.bundles.listFederatedBundles(request: request, context: $0)
        }
        #expect(all.bundles == [try proto()])
        #expect(all.nextPageToken.isEmpty)
        request.pageSize = 1
        let page = try await fixture.withContext { [request] in
            try await fixture.bundles.listFederatedBundles(request: request, context: $0)
        }
        #expect(page.bundles.isEmpty)
        #expect(!page.nextPageToken.isEmpty)
        let count = try await fixture.withContext {
            try await fixture.bundles.countBundles(request: .init(), context: $0)
        }
        #expect(count.count == 2)
    }

    @Test func appendsToTheOwnBundle() async throws {
        await expectRefusal(.notFound, "bundle not found") {
            _ = try await fixture.withContext { try await fixture.bundles.getBundle(request: .init(), context: $0) }
        }
        var request = Spire_Api_Server_Bundle_V1_AppendBundleRequest()
        await expectRefusal(.invalidArgument, "no authorities to append") { [request] in
            _ = try await fixture.withContext {
                try await fixture.bundles.appendBundle(request: request, context: $0)
            }
        }
        request.jwtAuthorities = try proto("example.org", keys: ["a", "b"]).jwtAuthorities
        request.jwtAuthorities[0].expiresAt = 7
        for _ in 0..<2 {
            let bundle = try await fixture.withContext { [request] in
                try await fixture.bundles.appendBundle(request: request, context: $0)
            }
            #expect(bundle.jwtAuthorities == request.jwtAuthorities)
            #expect(bundle.sequenceNumber == 1)
        }
        let before = try await fixture.store.bundle(of: fixture.trustDomain)
        var taken = request
        taken.jwtAuthorities[0].publicKey = request.jwtAuthorities[1].publicKey
        await expectRefusal(
            .invalidArgument,
            "failed to append bundle: key ID \"a\" is already that of another JWT authority; use a new one"
        ) { [taken] in
            _ = try await fixture.withContext { try await fixture.bundles.appendBundle(request: taken, context: $0) }
        }
        #expect(try await fixture.store.bundle(of: fixture.trustDomain) == before)
        request.x509Authorities = [.init()]
        do {
            _ = try await fixture.withContext { [request] in
                try await fixture.bundles.appendBundle(request: request, context: $0)
            }
            Issue.record("an empty certificate was taken")
        } catch let error as RPCError {
            #expect(error.code == .invalidArgument)
            #expect(error.message.hasPrefix("failed to convert X.509 authority: unable to parse X.509 authority: "))
        }
        #expect(try await fixture.store.bundle(of: fixture.trustDomain) == before)
    }
}
