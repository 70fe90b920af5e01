// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import ComityServer
import ComityStorage
import ComityTesting
import ComityWire
import FoundationEssentials
import GRPCCore
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf
import Testing
import X509

/// What servers below this one ask for.
@Suite struct DownstreamTests {
    @Test("a server below gets a CA that the roots verify") func signsACA() async throws {
        let setting = try await SVIDServiceTests.Setting()
        let key = try SigningKey(generating: .ecP256, id: "below")
        let template = X509CATemplate(trustDomain: setting.server.trustDomain, ttl: 1800)
        let request = try template.request(by: key)
        for (asked, ttl) in [(Int32(1800), 1800.0), (0, 86400)] {
            let answer = try await setting.service.newDownstreamX509CA(
                request: .with {
                    $0.csr = Data(request)
                    $0.preferredTtl = asked
                }, context: .test)
            let chain = try UnverifiedCAChain(
                certificates: answer.caCertChain.map { try X509Authority(derBytes: Array($0)) },
                roots: answer.x509Authorities.map { try X509Authority(derBytes: Array($0)) }
            ).verified(publicKey: key.publicKey, trustDomain: setting.server.trustDomain, now: setting.server.clock.now)
            #expect(chain.intermediates.count == 1)
            #expect(chain.certificate.certificate.notValidAfter == setting.server.clock.now + ttl)
        }
    }

    @Test func refusesBadRequests() async throws {
        let setting = try await SVIDServiceTests.Setting()
        await expectRefusal(.invalidArgument, "missing CSR") {
            try await setting.service.newDownstreamX509CA(request: .init(), context: .test)
        }
        await #expect(throws: RPCError.self) {
            try await setting.service.newDownstreamX509CA(request: .with { $0.csr = Data([1]) }, context: .test)
        }
    }

    @Test("a JWT key of a server below is published with its end; the answer has all keys")
    func publishesAKey() async throws {
        let server = try AuthorityServer()
        let authorities = try server.boot()
        try await authorities.start()
        let service = BundleService(trustDomain: server.trustDomain, store: server.store, authorities: authorities)
        let key = try TestJWTKey(keyID: "below").authority
        var record = BundleRecord(SPIFFEBundle(trustDomain: server.trustDomain, jwtAuthorities: [key]))
        record.jwtExpirations["below"] = TestTime.future
        let proto = try Spire_Api_Types_JWTKey(key, of: record)
        let answer = try await service.publishJWTAuthority(request: .with { $0.jwtAuthority = proto }, context: .test)
        #expect(answer.jwtAuthorities.count == 2 && answer.jwtAuthorities.contains(proto))
        #expect(try await server.bundle.jwtAuthorities.contains(key))
        await expectRefusal(.invalidArgument, "missing JWT authority") {
            try await service.publishJWTAuthority(request: .init(), context: .test)
        }
        await expectRefusal(
            .invalidArgument, "invalid JWT authority: unable to parse JWT authority: missing key ID"
        ) {
            try await service.publishJWTAuthority(request: .with { $0.jwtAuthority = .init() }, context: .test)
        }
    }
}
