// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTesting
import ComityWire
import FoundationEssentials
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf
import Testing
import X509

/// Bundles as SPIRE's database holds them.
@Suite struct StoredBundleTests {
    private let root: [UInt8]
    private let key: JWTAuthority
    private var stored = Spire_Stored_Bundle()

    init() throws {
        root = try TestCA().certificate.derBytes
        key = try TestJWTKey(keyID: "one").authority
        let publicKey = try key.publicKeyDERBytes()
        stored.trustDomainID = "spiffe://example.org"
        stored.rootCas = [.with { $0.derBytes = Data(root) }]
        stored.jwtSigningKeys = [
            .with {
                $0.pkixBytes = Data(publicKey)
                $0.kid = "one"
                $0.notAfter = 1_800_000_000
            }
        ]
        stored.sequenceNumber = 3
    }

    @Test func holdsWhatTheRegistryHolds() throws {
        let bundle = try StoredBundle(bytes: stored.serializedBytes())
        #expect(!bundle.holdsMore)
        #expect(bundle.record.trustDomain.name == "example.org")
        #expect(bundle.record.bundle.x509Authorities.map(\.derBytes) == [root])
        #expect(bundle.record.bundle.jwtAuthorities == [key])
        #expect(bundle.record.jwtExpirations == ["one": Date(timeIntervalSince1970: 1_800_000_000)])
        #expect(bundle.record.bundle.sequenceNumber == 3)
        #expect(bundle.record.bundle.refreshHint == nil)
        #expect(bundle.record.taintedX509Authorities.isEmpty && bundle.record.taintedJWTKeyIDs.isEmpty)
    }

    @Test func keepsTaintedMarks() throws {
        var stored = stored
        stored.rootCas[0].taintedKey = true
        stored.jwtSigningKeys[0].taintedKey = true
        let record = try StoredBundle(bytes: stored.serializedBytes()).record
        #expect(record.taintedX509Authorities.map(\.derBytes) == [root])
        #expect(record.taintedJWTKeyIDs == ["one"])
    }

    @Test func tellsOfKeysThatItDoesNotKnow() throws {
        // Field 6 with an empty message.
        let bundle = try StoredBundle(bytes: stored.serializedBytes() + [0x32, 0])
        #expect(bundle.holdsMore)
        #expect(bundle.record.bundle.x509Authorities.count == 1)
    }

    @Test func refusesWhatIsNoBundle() {
        for bytes: [UInt8] in [[0xFF], [], [0x0A, 1, 0x21]] {
            #expect(throws: RegistryError(.invalidArgument, "")) { try StoredBundle(bytes: bytes) }
        }
    }
}
