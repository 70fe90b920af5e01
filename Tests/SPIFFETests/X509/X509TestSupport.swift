// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Crypto
import FoundationEssentials
import SPIFFE
import SwiftASN1
import Testing
import X509

/// A named way to make a certificate wrong (or odd), for tables.
struct CertificateChange: CustomTestStringConvertible, Sendable {
    var name: String
    var apply: @Sendable (inout CertificateTemplate) throws -> Void

    init(_ name: String, _ apply: @escaping @Sendable (inout CertificateTemplate) throws -> Void) {
        self.name = name
        self.apply = apply
    }

    var testDescription: String { name }
}

extension TestSVID {
    /// Verifies as a peer's chain, from its DER.
    @discardableResult
    func verified(
        by bundles: BundleSet, at date: Date = TestTime.now, role: X509SVID.Role = .any
    ) throws -> X509SVID {
        try UnverifiedX509SVID(derCertificates: derCertificates).verified(by: bundles, at: date, role: role)
    }

    /// The reason why it is refused; fails the test when it is not.
    func refusal(
        by bundles: BundleSet, at date: Date = TestTime.now, role: X509SVID.Role = .any,
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> String {
        let error = #expect(throws: SPIFFEError.self, sourceLocation: sourceLocation) {
            try verified(by: bundles, at: date, role: role)
        }
        return error.map { "\($0)" } ?? "accepted"
    }
}

extension Certificate {
    /// The DER with bytes of the signed part replaced and the whole signed anew.
    func derBytes(replacing old: [UInt8], with new: [UInt8], signedBy key: P256.Signing.PrivateKey) throws -> [UInt8] {
        let whole = try DER.parse(derBytes)
        guard case .constructed(let nodes) = whole.content else { throw ASN1Error.invalidASN1Object(reason: "") }
        let algorithm = Array(nodes)[1].encodedBytes
        let signed = try Array(tbsCertificateBytes).replacing(old, with: new)
        let signature = try key.signature(for: signed)
        var serializer = DER.Serializer()
        try serializer.appendConstructedNode(identifier: .sequence) { coder in
            coder.serializeRawBytes(signed)
            coder.serializeRawBytes(algorithm)
            try coder.serialize(ASN1BitString(bytes: Array(signature.derRepresentation)[...]))
        }
        return serializer.serializedBytes
    }
}

extension [UInt8] {
    /// Replaces the one occurrence of `old` by `new` of the same length.
    func replacing(_ old: [UInt8], with new: [UInt8]) throws -> [UInt8] {
        let starts = indices.filter { self[$0...].starts(with: old) }
        let start = try #require(starts.first)
        try #require(old.count == new.count)
        var copy = self
        copy.replaceSubrange(start..<start + old.count, with: new)
        return copy
    }
}

/// A root whose key can sign arbitrary bytes.
struct RawTestCA {
    let key = P256.Signing.PrivateKey()
    let ca: TestCA

    init() throws {
        let key = key
        ca = try TestCA { $0.key = Certificate.PrivateKey(key) }
    }
}
