// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTesting
import ComityWire
import FoundationEssentials
import SPIFFE
import ServerAPIProtos
import Testing
import X509

@Suite struct BundleProtoTests {
    private let record: BundleRecord

    init() throws {
        let trustDomain = try TrustDomain("other.test")
        var record = BundleRecord(try .fixture(of: trustDomain, keys: ["b", "a"], sequence: .max, hint: 300))
        record.bundle.x509Authorities = try [TestCA("other.test"), TestCA("other.test")]
            .map { try X509Authority($0.root) }
        record.jwtExpirations = ["a": TestTime.future]
        record.taintedJWTKeyIDs = ["a"]
        record.taintedX509Authorities = [record.bundle.x509Authorities[1]]
        self.record = record
    }

    @Test func comesBackAsItWas() throws {
        #expect(try BundleRecord(received: Spire_Api_Types_Bundle(record)) == record)
    }

    @Test func believesNoTaintOfASender() throws {
        var untainted = record
        untainted.taintedJWTKeyIDs = []
        untainted.taintedX509Authorities = []
        #expect(try BundleRecord(Spire_Api_Types_Bundle(record)) == untainted)
    }

    @Test(arguments: BundleField.allCases)
    func sendsOneFieldAlone(_ field: BundleField) throws {
        let mask = Spire_Api_Types_BundleMask([field])
        #expect(Set<BundleField>(mask) == [field])
        let proto = try Spire_Api_Types_Bundle(record, fields: [field])
        #expect(proto.trustDomain == "other.test")
        let alone = BundleRecord(SPIFFEBundle(trustDomain: record.trustDomain)).updated(with: record, fields: [field])
        #expect(try BundleRecord(received: proto) == alone)
        #expect(alone != record)
    }

    @Test func takes0ForAbsence() throws {
        var proto = Spire_Api_Types_Bundle()
        proto.trustDomain = "other.test"
        let record = try BundleRecord(proto)
        #expect(record.bundle.sequenceNumber == nil)
        #expect(record.bundle.refreshHint == nil)
        #expect(try Spire_Api_Types_Bundle(record) == proto)
    }

    @Test func readsEachAuthorityOnce() throws {
        var proto = try Spire_Api_Types_Bundle(record)
        proto.x509Authorities += proto.x509Authorities
        proto.jwtAuthorities += proto.jwtAuthorities
        #expect(try BundleRecord(received: proto) == record)
    }

    @Test("D-10: a key that signs no JWT-SVID is refused from an operator, and costs nothing from a server")
    func takesUselessKeysFromServersOnly() throws {
        let key = try TestKeyType.ed25519.makeKey().publicKey
        var given = record
        given.bundle.jwtAuthorities.append(JWTAuthority(keyID: "ed", publicKey: key))
        let proto = try Spire_Api_Types_Bundle(given)
        #expect(try BundleRecord(received: proto).bundle == given.bundle)
        #expect {
            try BundleRecord(proto)
        } throws: { error in
            (error as? RegistryError)?.message.contains("key \"ed\" fits no algorithm of JWT-SVID") == true
        }
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var change: @Sendable (inout Spire_Api_Types_Bundle) -> Void

        init(_ message: String, _ change: @escaping @Sendable (inout Spire_Api_Types_Bundle) -> Void) {
            testDescription = message
            self.change = change
        }
    }

    static let faults = [
        Fault("trust domain is missing") { $0.trustDomain = "" },
        Fault("unable to parse X.509 authority: ") { $0.x509Authorities[1].asn1 = Data([1, 2]) },
        Fault("unable to parse X.509 authority: ") { $0.x509Authorities[1].asn1.append(0) },
        Fault("unable to parse X.509 authority: ") { $0.x509Authorities[1].asn1 = Data() },
        Fault("unable to parse JWT authority: missing key ID") { $0.jwtAuthorities[1].keyID = "" },
        Fault("unable to parse JWT authority: ") { $0.jwtAuthorities[1].publicKey = Data([1, 2]) },
    ]

    @Test(arguments: faults)
    func refuses(_ fault: Fault) throws {
        var proto = try Spire_Api_Types_Bundle(record)
        fault.change(&proto)
        #expect {
            try BundleRecord(proto)
        } throws: { error in
            (error as? RegistryError)?.message.hasPrefix(fault.testDescription) == true
        }
    }
}
