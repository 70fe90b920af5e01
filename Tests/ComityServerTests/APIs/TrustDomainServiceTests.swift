// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityServer
import ComityStorage
import ComityTesting
import ComityWire
import GRPCCore
import SPIFFE
import ServerAPIProtos
import Testing

@Suite struct TrustDomainServiceTests {
    typealias Proto = Spire_Api_Types_FederationRelationship

    private let fixture: ServiceFixture
    private let other: TrustDomain

    init() throws {
        fixture = try ServiceFixture()
        other = try TrustDomain("other.test")
    }

    private func proto(
        _ trustDomain: String = "other.test", url: String = "https://other.test/x", keys: [String]? = nil
    ) throws -> Proto {
        var proto = Proto()
        proto.trustDomain = trustDomain
        proto.bundleEndpointURL = url
        proto.httpsSpiffe.endpointSpiffeID = "spiffe://other.test/spire/server"
        if let keys {
            proto.trustDomainBundle = try Spire_Api_Types_Bundle(
                BundleRecord(.fixture(of: TrustDomain(trustDomain), keys: keys)))
        }
        return proto
    }

    private func create(
        _ proto: Proto
    ) async throws -> Spire_Api_Server_Trustdomain_V1_BatchCreateFederationRelationshipResponse.Result {
        var request = Spire_Api_Server_Trustdomain_V1_BatchCreateFederationRelationshipRequest()
        request.federationRelationships = [proto]
        let response = try await fixture.withContext { [request] in
            try await fixture.relationships().batchCreateFederationRelationship(request: request, context: $0)
        }
        return try #require(response.results.first)
    }

    private func update(
        _ proto: Proto, mask: Spire_Api_Types_FederationRelationshipMask? = nil
    ) async throws -> Spire_Api_Server_Trustdomain_V1_BatchUpdateFederationRelationshipResponse.Result {
        var request = Spire_Api_Server_Trustdomain_V1_BatchUpdateFederationRelationshipRequest()
        request.federationRelationships = [proto]
        if let mask { request.inputMask = mask }
        let response = try await fixture.withContext { [request] in
            try await fixture.relationships().batchUpdateFederationRelationship(request: request, context: $0)
        }
        return try #require(response.results.first)
    }

    private func get(_ trustDomain: String) async throws -> Proto {
        var request = Spire_Api_Server_Trustdomain_V1_GetFederationRelationshipRequest()
        request.trustDomain = trustDomain
        return try await fixture.withContext { [request] in
            try await fixture.relationships().getFederationRelationship(request: request, context: $0)
        }
    }

    @Test func createsWithTheBundle() async throws {
        let proto = try proto(keys: ["a"])
        let result = try await create(proto)
        #expect(result.status.text == "0 OK")
        #expect(result.federationRelationship == proto)
        #expect(try await get("other.test") == proto)
        #expect(try await fixture.store.bundle(of: other) != nil)
    }

    @Test func answersACreationWithTheBundleThatWasSent() async throws {
        try await fixture.store.setBundle(BundleRecord(.fixture(of: other, keys: ["a"])))
        #expect(try await create(try proto()).federationRelationship == (try proto()))
        #expect(try await get("other.test") == (try proto(keys: ["a"])))
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var change: @Sendable (inout Proto) -> Void

        init(_ why: String, _ change: @escaping @Sendable (inout Proto) -> Void) {
            testDescription = "3 failed to convert federation relationship: \(why)"
            self.change = change
        }
    }

    static let faults = [
        Fault("failed to parse trust domain: trust domain is missing") { $0.trustDomain = "" },
        Fault("bundle endpoint URL must use the https scheme") { $0.bundleEndpointURL = "http://other.test" },
        Fault("bundle endpoint URL must specify the host") { $0.bundleEndpointURL = "https:///x" },
        Fault("bundle endpoint URL must not contain user info") { $0.bundleEndpointURL = "https://a:b@other.test" },
        Fault("unsupported bundle endpoint profile type: <nil>") { $0.bundleEndpointProfile = nil },
        Fault("failed to parse endpoint SPIFFE ID: scheme is missing or invalid") {
            $0.httpsSpiffe.endpointSpiffeID = "x"
        },
        Fault("failed to parse bundle: trust domain is missing") { $0.trustDomainBundle.trustDomain = "" },
        Fault(
            "trust domain bundle (\"third.test\") must match the trust domain of the federation relationship "
                + "(\"other.test\")"
        ) { $0.trustDomainBundle.trustDomain = "third.test" },
    ]

    @Test(arguments: faults)
    func refuses(_ fault: Fault) async throws {
        var proto = try proto()
        fault.change(&proto)
        #expect(try await create(proto).status.text == fault.testDescription)
        #expect(try await update(proto, mask: .init()).status.text == fault.testDescription)
        #expect(try await fixture.store.listRelationships(page: .all).items.isEmpty)
        #expect(try await fixture.store.countBundles() == 0)
    }

    @Test func refusesTheOwnTrustDomain() async throws {
        #expect(
            try await create(try proto("example.org")).status.text
                == "3 unable to create federation relationship for server trust domain")
        #expect(try await fixture.store.listRelationships(page: .all).items.isEmpty)
    }

    @Test func tellsADuplicateAsSPIREDoes() async throws {
        _ = try await create(try proto())
        let status = try await create(try proto(keys: ["a"])).status
        #expect(
            status.text
                == "13 failed to create federation relationship: federation relationship with trust domain "
                + "\"other.test\" already exists")
        #expect(try await fixture.store.countBundles() == 0)
    }

    @Test func updatesWhatTheMaskNames() async throws {
        #expect(try await update(try proto()).status.code == 13)
        _ = try await create(try proto(keys: ["a"]))
        var change = try proto(url: "https://elsewhere.test", keys: ["b"])
        change.httpsWeb = .init()
        var mask = Spire_Api_Types_FederationRelationshipMask()
        mask.bundleEndpointURL = true
        let masked = try await update(change, mask: mask)
        #expect(masked.status.text == "0 OK")
        #expect(masked.federationRelationship == (try proto(url: "https://elsewhere.test", keys: ["a"])))
        #expect(try await update(change).federationRelationship == change)
        #expect(try await get("other.test") == change)
        change.clearTrustDomainBundle()
        _ = try await update(change)
        #expect(try await fixture.store.bundle(of: other) != nil)
    }

    @Test func deletesTheRelationshipAndKeepsTheBundle() async throws {
        _ = try await create(try proto(keys: ["a"]))
        var request = Spire_Api_Server_Trustdomain_V1_BatchDeleteFederationRelationshipRequest()
        request.trustDomains = ["other.test", "other.test", "", "B"]
        let response = try await fixture.withContext { [request] in
            try await fixture.relationships().batchDeleteFederationRelationship(request: request, context: $0)
        }
        #expect(response.results.map(\.trustDomain) == request.trustDomains)
        #expect(
            response.results.prefix(3).map(\.status.text)
                == ["0 OK", "5 federation relationship not found", "3 missing trust domain"])
        #expect(response.results[3].status.message.hasPrefix("failed to parse trust domain: "))
        #expect(try await fixture.store.bundle(of: other) != nil)
        await expectRefusal(.notFound, "federation relationship does not exist") { _ = try await get("other.test") }
        await expectRefusal(.invalidArgument, "failed to parse trust domain: trust domain is missing") {
            _ = try await get("")
        }
    }

    @Test func listsInPages() async throws {
        _ = try await create(try proto())
        _ = try await create(try proto("third.test", keys: ["a"]))
        var request = Spire_Api_Server_Trustdomain_V1_ListFederationRelationshipsRequest()
        request.pageSize = 1
        var found: [Proto] = []
        repeat {
            let response = try await fixture.withContext { [request] in
                try await fixture.relationships().listFederationRelationships(request: request, context: $0)
            }
            found += response.federationRelationships
            request.pageToken = response.nextPageToken
        } while !request.pageToken.isEmpty
        #expect(found == [try proto(), try proto("third.test", keys: ["a"])])
    }

    private func refresh(_ failure: (any Error)? = nil) async throws {
        var request = Spire_Api_Server_Trustdomain_V1_RefreshBundleRequest()
        request.trustDomain = "other.test"
        _ = try await fixture.withContext { [request] in
            try await fixture.relationships(IdleRefresher(failure: failure)).refreshBundle(
                request: request, context: $0)
        }
    }

    @Test func refreshesAndTellsWhyNot() async throws {
        try await refresh()
        await expectRefusal(.notFound, "no relationship with trust domain \"other.test\"") {
            try await refresh(RegistryError(.notFound, "unmanaged"))
        }
        await expectRefusal(.internalError, "failed to refresh bundle: 503 from endpoint") {
            try await refresh(FederationFailure(.httpStatus, "503 from endpoint"))
        }
    }
}
