// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityRegistry
import ComityTemplates
import Crypto
import Glibc
import SPIFFE
import SwiftASN1
import X509

/// What a proven certificate says of its node: selectors, and the fields that templates may ask for.
struct X509PopNode {
    private let leaf: Certificate
    private let fingerprint: String
    /// Of every certificate above the leaf in any path, in the order in which they were found.
    private let authorityFingerprints: [String]
    private let names: SubjectAlternativeNames?
    private let trustDomain: TrustDomain
    /// From URIs of the form `x509pop://<trust domain>/<key>/<value>`.
    private let uriSelectors: [String: String]

    init(leaf: Certificate, paths: [[Certificate]], trustDomain: TrustDomain) throws {
        self.leaf = leaf
        self.trustDomain = trustDomain
        fingerprint = try Self.fingerprint(leaf)
        var fingerprints: [String] = []
        for certificate in paths.flatMap({ $0.dropFirst() }) {
            let fingerprint = try Self.fingerprint(certificate)
            if !fingerprints.contains(fingerprint) { fingerprints.append(fingerprint) }
        }
        authorityFingerprints = fingerprints
        names = try leaf.extensions.subjectAlternativeNames
        uriSelectors = Self.uriSelectors(Self.uris(names), trustDomain)
    }

    var selectors: Set<Selector> {
        get throws {
            var values: [String] = []
            if let name = commonName, !name.isEmpty { values.append("subject:cn:\(name)") }
            values += authorityFingerprints.map { "ca:fingerprint:\($0)" }
            values.append("serialnumber:\(serialNumber)")
            values += uriSelectors.map { "san:\($0.key):\($0.value)" }
            return Set(try values.map { try Selector(type: X509PopServerAttestor.name, value: $0) })
        }
    }

    // MARK: - Template

    /// The fields of Go's certificate that can be part of a path, and those that SPIRE adds.
    func templateData(_ trust: X509PopServerSettings.Trust) throws(AttestationError) -> TemplateValue {
        .record(
            TemplateRecord(
                named: "agentPathTemplateData",
                [
                    "PluginName": .string(X509PopServerAttestor.name), "Fingerprint": .string(fingerprint),
                    "SerialNumberHex": .string(serialNumber), "TrustDomain": .string(trustDomain.name),
                    "SVIDPathTrimmed": .string(try trimmedPath(trust)),
                    "URISanSelectors": .map(uriSelectors),
                    "Subject": leaf.subject.templateValue, "Issuer": leaf.issuer.templateValue,
                    "SerialNumber": .string(decimalSerialNumber),
                    "DNSNames": .strings(Self.values(names) { if case .dnsName(let name) = $0 { name } else { nil } }),
                    "EmailAddresses": .strings(
                        Self.values(names) { if case .rfc822Name(let name) = $0 { name } else { nil } }),
                    "IPAddresses": .strings(Self.addresses(names)), "URIs": .strings(Self.uris(names)),
                ]))
    }

    /// What stands in the SPIFFE ID after the prefix that admits it; empty when certificates are no SVIDs.
    private func trimmedPath(_ trust: X509PopServerSettings.Trust) throws(AttestationError) -> String {
        guard case .trustDomain(let prefix) = trust else { return "" }
        guard let uri = Self.uris(names).first(where: { $0.hasPrefix("spiffe://") }), let id = try? SPIFFEID(uri),
            id.isMember(of: trustDomain)
        else { throw AttestationError(.permissionDenied, "valid SVID x509 cert not found") }
        guard id.path.utf8.starts(with: prefix.utf8) else {
            throw AttestationError(.permissionDenied, "x509 cert doesnt match SVID prefix")
        }
        return String(decoding: id.path.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
    }

    // MARK: - Parts of the certificate

    private var commonName: String? {
        leaf.subject.values(of: .RDNAttributeType.commonName).last
    }

    /// Whole bytes.
    private var serialNumber: String {
        leaf.serialNumber.bytes.drop { $0 == 0 }.hex
    }

    private var decimalSerialNumber: String {
        var digits: [UInt8] = [0]
        for byte in leaf.serialNumber.bytes {
            var carry = Int(byte)
            for index in digits.indices {
                let value = Int(digits[index]) * 256 + carry
                digits[index] = UInt8(value % 10)
                carry = value / 10
            }
            while carry > 0 {
                digits.append(UInt8(carry % 10))
                carry /= 10
            }
        }
        return digits.reversed().map { String($0) }.joined()
    }

    private static func fingerprint(_ certificate: Certificate) throws -> String {
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        return Insecure.SHA1.hash(data: serializer.serializedBytes).hex
    }

    private static func values(
        _ names: SubjectAlternativeNames?, _ select: (GeneralName) -> String?
    ) -> [String] {
        names.map { $0.compactMap(select) } ?? []
    }

    private static func uris(_ names: SubjectAlternativeNames?) -> [String] {
        values(names) { if case .uniformResourceIdentifier(let uri) = $0 { uri } else { nil } }
    }

    /// The IP addresses, written as the system writes those of connections.
    static func addresses(_ names: SubjectAlternativeNames?) -> [String] {
        values(names) { name in
            guard case .ipAddress(let bytes) = name.self else { return nil }
            return text(ofAddress: Array(bytes.bytes))
        }
    }

    private static func text(ofAddress bytes: [UInt8]) -> String? {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        var text = [UInt8](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let isWritten = text.withUnsafeMutableBytes { text in
            inet_ntop(
                bytes.count == 4 ? AF_INET : AF_INET6, bytes,
                text.assumingMemoryBound(to: CChar.self).baseAddress, socklen_t(text.count)) != nil
        }
        return isWritten ? String(decoding: text.prefix { $0 != 0 }, as: UTF8.self) : nil
    }

    private static func uriSelectors(_ uris: [String], _ trustDomain: TrustDomain) -> [String: String] {
        let prefix = "x509pop://\(trustDomain.name)/"
        var selectors: [String: String] = [:]
        for uri in uris where uri.hasPrefix(prefix) {
            let path = uri.dropFirst(prefix.count).prefix { $0 != "?" && $0 != "#" }
            let parts = path.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: true)
            guard parts.count == 2, let key = parts[0].percentDecoded, let value = parts[1].percentDecoded else {
                continue
            }
            selectors[key] = value.hasSuffix("/") ? String(value.dropLast()) : value
        }
        return selectors
    }
}

extension Substring {
    /// `nil` when an escape is malformed or the bytes are not UTF-8.
    fileprivate var percentDecoded: String? {
        var bytes: [UInt8] = []
        var rest = utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let digits = String(rest.prefix(2)), digits.count == 2, let value = UInt8(digits, radix: 16) else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
