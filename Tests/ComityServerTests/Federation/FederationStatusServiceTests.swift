// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityServer
import ComityStorage
import ComityTesting
import FoundationEssentials
import GRPCCore
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf
import Testing

@Suite struct FederationStatusServiceTests {
    private let fixture: BundleClientFixture
    private let context = ServerContext(
        descriptor: MethodDescriptor(fullyQualifiedService: "comity.federation.v1.FederationStatus", method: "Test"),
        remotePeer: "test", localPeer: "test", cancellation: ServerContext.RPCCancellationHandle())

    init() throws {
        fixture = try BundleClientFixture()
    }

    private func service(_ configured: [FederationRelationship] = []) -> FederationStatusService {
        FederationStatusService(configured: configured, store: fixture.store)
    }

    @Test func tellsEverythingThatPollingTaught() async throws {
        let ca = try TestCA("beta.test")
        var bundle = try ca.bundle
        bundle.sequenceNumber = 7
        bundle.refreshHint = 300
        let endpointID = try SPIFFEID("spiffe://beta.test/spire/server")
        let relationship = FederationRelationship(
            trustDomain: fixture.beta, bundleEndpointURL: "https://beta.test:8443",
            profile: .httpsSPIFFE(endpointID: endpointID))
        try await fixture.store.createRelationship(relationship, bundle: BundleRecord(bundle))
        var status = FederationStatus(trustDomain: fixture.beta)
        status.lastSuccess = Date(timeIntervalSince1970: 1000)
        status.lastAttempt = Date(timeIntervalSince1970: 1075)
        status.nextAttempt = Date(timeIntervalSince1970: 1080)
        status.lastChange = Date(timeIntervalSince1970: 400)
        status.lastFailure = FederationFailure(.timeout, "no whole answer within 10 seconds")
        status.consecutiveFailures = 1
        try await fixture.store.setFederationStatus(status, while: nil)

        let told = try await service().getFederationStatus(
            request: .with { $0.trustDomain = "beta.test" }, context: context)
        #expect(
            told
                == .with {
                    $0.trustDomain = "beta.test"
                    $0.bundleEndpointURL = "https://beta.test:8443"
                    $0.bundleEndpointProfile = "https_spiffe"
                    $0.endpointSpiffeID = endpointID.uri
                    $0.lastSuccessAt = 1000
                    $0.lastAttemptAt = 1075
                    $0.nextAttemptAt = 1080
                    $0.lastChangeAt = 400
                    $0.lastErrorClass = .timeout
                    $0.lastError = "no whole answer within 10 seconds"
                    $0.consecutiveFailures = 1
                    $0.sequenceNumber = 7
                    $0.refreshHint = 300
                    $0.earliestAuthorityExpiresAt = Int64(TestTime.future.timeIntervalSince1970)
                })
    }

    @Test func listsStaticAndDynamicRelationshipsInOrder() async throws {
        try await fixture.store.createRelationship(
            fixture.relationship(fixture.beta, url: "https://a.test"), bundle: nil)
        try await fixture.store.createRelationship(fixture.relationship(fixture.gamma), bundle: nil)
        let configured = [
            fixture.relationship(try TrustDomain("zeta.test")),
            fixture.relationship(fixture.beta, url: "https://b.test"),
        ]
        let listed = try await service(configured).listFederationStatus(request: .init(), context: context)
            .relationships
        #expect(listed.map(\.trustDomain) == ["beta.test", "gamma.test", "zeta.test"])
        #expect(listed.map(\.isStatic) == [true, false, true])
        #expect(listed.map(\.bundleEndpointURL) == ["https://b.test", "https://partner.test", "https://partner.test"])
        #expect(listed.allSatisfy { $0.lastErrorClass == .unspecified && $0.lastAttemptAt == 0 })
    }

    @Test func successIsNoError() async throws {
        try await fixture.store.createRelationship(fixture.relationship(fixture.beta), bundle: nil)
        var status = FederationStatus(trustDomain: fixture.beta)
        status.lastAttempt = Date(timeIntervalSince1970: 1000)
        status.lastSuccess = status.lastAttempt
        try await fixture.store.setFederationStatus(status, while: nil)
        let listed = try await service().listFederationStatus(request: .init(), context: context).relationships
        #expect(listed.map(\.lastErrorClass) == [.none])
    }

    @Test(arguments: [("delta.test", RPCError.Code.notFound), ("Delta", .invalidArgument), ("", .invalidArgument)])
    func refusesUnknownTrustDomain(name: String, code: RPCError.Code) async throws {
        let error = try await #require(
            #expect(throws: (any Error).self) {
                try await service().getFederationStatus(request: .with { $0.trustDomain = name }, context: context)
            })
        #expect((error as? any RPCErrorConvertible)?.rpcErrorCode == code)
    }
}
