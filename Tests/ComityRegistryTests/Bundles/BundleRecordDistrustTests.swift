// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTesting
import SPIFFE
import Testing

@Suite struct BundleRecordDistrustTests {
    private let x509: X509Authority
    private let jwt: JWTAuthority
    private var record: BundleRecord

    init() throws {
        let bundle = try TestCA("example.org").bundle
        x509 = bundle.x509Authorities[0]
        jwt = try TestJWTKey(keyID: "k").authority
        record = BundleRecord(bundle)
        record.bundle.jwtAuthorities = [jwt]
        record.bundle.sequenceNumber = 7
    }

    @Test("FED-46: tainting and revoking an X.509 authority each give a new document")
    mutating func distrustsX509() throws {
        try record.taint(x509)
        #expect(record.taintedX509Authorities == [x509])
        #expect(record.bundle.x509Authorities == [x509])
        #expect(record.bundle.sequenceNumber == 8)
        try record.revoke(x509)
        #expect(record.bundle.x509Authorities.isEmpty && record.taintedX509Authorities.isEmpty)
        #expect(record.bundle.sequenceNumber == 9)
    }

    @Test("FED-46: tainting and revoking a JWT authority each give a new document")
    mutating func distrustsJWT() throws {
        try record.taintJWTAuthority(keyID: "k")
        #expect(record.taintedJWTKeyIDs == ["k"])
        #expect(record.bundle.jwtAuthorities == [jwt])
        #expect(record.bundle.sequenceNumber == 8)
        try record.revokeJWTAuthority(keyID: "k")
        #expect(record.bundle.jwtAuthorities.isEmpty && record.taintedJWTKeyIDs.isEmpty)
        #expect(record.bundle.sequenceNumber == 9)
    }

    @Test mutating func refusesWithoutChange() throws {
        let before = record
        let stranger = try TestCA("example.org").bundle.x509Authorities[0]
        for (refused, text): ((inout BundleRecord) throws -> Void, String) in [
            ({ try $0.taint(stranger) }, "no root CA found with provided subject key ID"),
            ({ try $0.revoke(stranger) }, "no root CA found with provided subject key ID"),
            ({ try $0.taintJWTAuthority(keyID: "x") }, "no JWT Key found with provided key ID"),
            ({ try $0.revokeJWTAuthority(keyID: "x") }, "no JWT Key found with provided key ID"),
            ({ [x509] in try $0.revoke(x509) }, "it is not possible to revoke an untainted root CA"),
            ({ try $0.revokeJWTAuthority(keyID: "k") }, "it is not possible to revoke an untainted key"),
        ] {
            let error = #expect(throws: RegistryError.self) { try refused(&record) }
            #expect(error?.message == text)
            #expect(record == before)
        }
    }

    @Test mutating func taintsOnce() throws {
        try record.taint(x509)
        try record.taintJWTAuthority(keyID: "k")
        let tainted = record
        let root = #expect(throws: RegistryError.self) { try record.taint(x509) }
        #expect(root?.message == "root CA is already tainted")
        let key = #expect(throws: RegistryError.self) { try record.taintJWTAuthority(keyID: "k") }
        #expect(key?.message == "key is already tainted")
        #expect(record == tainted)
    }
}
