// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import Crypto
import SPIFFE

/// A certificate of OpenSSH (PROTOCOL.certkeys) as it was sent: well formed, but nothing in it is proven.
struct SSHCertificate {
    private static let maximumSize = 64 << 10
    static let hostType: UInt32 = 2

    let bytes: [UInt8]
    let key: SSHPublicKey
    let serial: UInt64
    let type: UInt32
    let keyID: String
    let principals: [String]
    /// Seconds since 1970; the second is the first moment at which it no longer holds.
    let validity: Range<UInt64>
    let criticalOptions: [String]
    let authority: [UInt8]
    private let signature: SSHSignature
    private let signedLength: Int

    init(_ bytes: [UInt8]) throws(AttestationError) {
        guard bytes.count <= Self.maximumSize else {
            throw AttestationError(.invalidArgument, "ssh: certificate is larger than \(Self.maximumSize) bytes")
        }
        self.bytes = bytes
        var reader = SSHReader(bytes)
        let name = try reader.text()
        guard let kind = SSHPublicKey.Kind.allCases.first(where: { $0.certificateName == name }) else {
            throw AttestationError(.invalidArgument, "\(name.quoted) is no certificate of a kind that is supported")
        }
        _ = try reader.bytes()
        key = try SSHPublicKey(kind, fields: &reader)
        serial = try reader.uint64()
        type = try reader.uint32()
        keyID = try reader.text()
        principals = try reader.texts()
        let (start, end) = (try reader.uint64(), try reader.uint64())
        validity = start..<max(start, end)
        criticalOptions = try Self.names(&reader)
        _ = try Self.names(&reader)
        _ = try reader.bytes()
        authority = try reader.bytes()
        signedLength = bytes.count - reader.rest.count
        signature = try SSHSignature(try reader.bytes())
        guard reader.isAtEnd else { throw AttestationError(.invalidArgument, "ssh: something follows the certificate") }
    }

    /// Options and extensions: names, each with a value.
    private static func names(_ reader: inout SSHReader) throws(AttestationError) -> [String] {
        var inner = SSHReader(try reader.bytes())
        var names: [String] = []
        while !inner.isAtEnd {
            names.append(try inner.text())
            _ = try inner.bytes()
        }
        return names
    }

    /// As SPIRE names agents by it: SHA-256 of the certificate, in base64 for URLs.
    var fingerprint: String { Base64.url.encode(Array(SHA256.hash(data: bytes))) }

    /// Says why the certificate does not prove a host now; nil when it does.
    ///
    /// - Parameter authorities: The binary forms of the keys that are trusted.
    func fault(authorities: Set<[UInt8]>, now: UInt64) -> String? {
        guard type == Self.hostType else { return "certificate presented as a host key has type \(type)" }
        guard authorities.contains(authority), let signer = try? SSHPublicKey(authority) else {
            return "no authorities for hostname: \(principals.first ?? "")"
        }
        guard criticalOptions.isEmpty else {
            return "unsupported critical option \(criticalOptions[0].quoted) in certificate"
        }
        guard now >= validity.lowerBound else { return "cert is not yet valid" }
        guard now < validity.upperBound else { return "cert has expired" }
        guard signer.isValidSignature(signature, for: Array(bytes.prefix(signedLength))) else {
            return "certificate signature does not verify, or is made with SHA-1"
        }
        return nil
    }
}
