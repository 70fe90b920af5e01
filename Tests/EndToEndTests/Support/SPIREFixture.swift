// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Crypto
import Foundation
import SPIFFE
import X509

/// What a SPIRE server of `adopted.test` left when it was stopped: its keys, and what its database holds.
struct SPIREFixture {
    static let trustDomain = "adopted.test"
    static let agentID = "spiffe://adopted.test/spire/agent/join_token/6a1a6a3f"
    static let bannedID = "spiffe://adopted.test/spire/agent/x509pop/0123"
    static let joinToken = "8d7b0c9e-unused"
    static let webEntry = "0a1b2c3d-web"
    static let sequence = 7
    /// Of the agent's SVID, in decimal.
    static let agentSerial = "16909060"

    private let x509Keys: [P256.Signing.PrivateKey]
    /// The CA that signs, in slot A.
    let active: TestCA
    /// Its successor, in slot B.
    let prepared: TestCA
    let jwtKey = P256.Signing.PrivateKey()
    let oldJWTKey = P256.Signing.PrivateKey()
    let keyID = "ThisIsTheKeyIDThatSPIREMadeUp001"
    let oldKeyID = "ThisIsTheKeyIDThatSPIREMadeUp000"
    let partner: TestCA
    /// Whole seconds: an hour ago, and in 23 hours.
    let (issued, ends): (Date, Date)

    init() throws {
        let now = Date(timeIntervalSince1970: Date.now.timeIntervalSince1970.rounded(.down))
        let (issued, ends) = (now - 3600, now + 23 * 3600)
        (self.issued, self.ends) = (issued, ends)
        let keys = [P256.Signing.PrivateKey(), P256.Signing.PrivateKey()]
        x509Keys = keys
        let authorities = try keys.enumerated().map { index, key in
            try TestCA(Self.trustDomain, commonName: "SPIRE \(index)") {
                $0.key = Certificate.PrivateKey(key)
                ($0.notBefore, $0.notAfter) = (issued, ends)
            }
        }
        (active, prepared) = (authorities[0], authorities[1])
        partner = try TestCA("partner.test")
    }

    // MARK: - Keys

    /// `keys.json`: a key of another kind is among them.
    var keyFile: String {
        let keys = [
            "x509-CA-A": x509Keys[0], "x509-CA-B": x509Keys[1], "JWT-Signer-A": jwtKey, "JWT-Signer-B": oldJWTKey,
            "WIT-Signer-A": P256.Signing.PrivateKey(),
        ]
        let lines = keys.sorted { $0.key < $1.key }.map {
            "\t\t\"\($0)\": \"\($1.derRepresentation.base64EncodedString())\""
        }
        return "{\n\t\"keys\": {\n\(lines.joined(separator: ",\n"))\n\t}\n}"
    }

    static func authorityID(_ ca: TestCA) -> String {
        Insecure.SHA1.hash(data: ca.certificate.publicKey.subjectPublicKeyInfoBytes)
            .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// A token that the server signed before it was stopped.
    func token(subject: String, audience: String) throws -> String {
        let (start, end) = (Int(issued.timeIntervalSince1970), Int(ends.timeIntervalSince1970))
        let parts = [
            #"{"alg":"ES256","kid":"\#(keyID)","typ":"JWT"}"#,
            #"{"aud":["\#(audience)"],"exp":\#(end),"iat":\#(start),"sub":"\#(subject)"}"#,
        ]
        let input = parts.map { Base64.url.encode(Array($0.utf8)) }.joined(separator: ".")
        let signature = try jwtKey.signature(for: SHA256.hash(data: Data(input.utf8)))
        return input + "." + Base64.url.encode(Array(signature.rawRepresentation))
    }

    /// What the agent holds since it was attested.
    func agentSVID() throws -> TestSVID {
        try active.leaf("/spire/agent/join_token/6a1a6a3f") {
            ($0.notBefore, $0.notAfter) = (issued, ends)
            $0.serialNumber = Certificate.SerialNumber(bytes: [1, 2, 3, 4])
        }
    }

    // MARK: - Stored messages

    func ownBundle() throws -> [UInt8] {
        let roots = try [active, prepared].map { try $0.certificate.derBytes }
        let (current, old) = (jwtKey.publicKey.derRepresentation, oldJWTKey.publicKey.derRepresentation)
        return ProtobufWriter.message { bundle in
            bundle.add(1, "spiffe://\(Self.trustDomain)".utf8)
            for root in roots { bundle.add(2) { $0.add(1, root) } }
            for (id, key) in [(oldKeyID, old), (keyID, current)] {
                bundle.add(3) { entry in
                    entry.add(1, key)
                    entry.add(2, id.utf8)
                    entry.add(3, Int(ends.timeIntervalSince1970))
                    // An operator has tainted the old one.
                    if id == oldKeyID { entry.add(4, 1) }
                }
            }
            bundle.add(5, Self.sequence)
        }
    }

    func partnerBundle() throws -> [UInt8] {
        let root = try partner.certificate.derBytes
        return ProtobufWriter.message { bundle in
            bundle.add(1, "spiffe://partner.test".utf8)
            bundle.add(2) { $0.add(1, root) }
            bundle.add(4, 300)
        }
    }

    func journal() throws -> [UInt8] {
        let (start, end) = (Int(issued.timeIntervalSince1970), Int(ends.timeIntervalSince1970))
        let authorities = try [(active, "A", 3), (prepared, "B", 2)].map { ca, slot, status in
            (try ca.certificate.derBytes, Self.authorityID(ca), slot, status)
        }
        let keys = [(oldKeyID, oldJWTKey, "B", 4), (keyID, jwtKey, "A", 3)]
        return ProtobufWriter.message { journal in
            for (certificate, id, slot, status) in authorities {
                journal.add(1) { entry in
                    entry.add(1, slot.utf8)
                    entry.add(2, start)
                    entry.add(3, certificate)
                    entry.add(5, status)
                    entry.add(6, id.utf8)
                    entry.add(7, end)
                }
            }
            for (id, key, slot, status) in keys {
                journal.add(2) { entry in
                    entry.add(1, slot.utf8)
                    entry.add(2, start)
                    entry.add(3, end)
                    entry.add(4, id.utf8)
                    entry.add(5, key.publicKey.derRepresentation)
                    entry.add(6, status)
                    entry.add(7, id.utf8)
                }
            }
        }
    }
}
