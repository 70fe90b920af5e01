// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SwiftASN1
import X509

/// A certificate with its extensions decoded: what path validation asks about one certificate alone.
struct PathCertificate {
    let certificate: Certificate
    let basicConstraints: BasicConstraints?
    let keyUsage: KeyUsage?
    let extendedKeyUsage: ExtendedKeyUsage?
    let nameConstraints: NameConstraints?
    let alternativeNames: SubjectAlternativeNames?
    let subjectKeyID: ArraySlice<UInt8>?
    let authorityKeyID: ArraySlice<UInt8>?

    /// How messages call it, such as `leaf certificate`.
    let label: String

    init(_ certificate: Certificate, label: String) throws(PathFailure) {
        self.certificate = certificate
        self.label = label
        do {
            let extensions = certificate.extensions
            basicConstraints = try extensions.basicConstraints
            keyUsage = try extensions.keyUsage
            extendedKeyUsage = try extensions.extendedKeyUsage
            nameConstraints = try extensions.nameConstraints
            alternativeNames = try extensions.subjectAlternativeNames
            subjectKeyID = try extensions.subjectKeyIdentifier?.keyIdentifier
            authorityKeyID = try extensions.authorityKeyIdentifier?.keyIdentifier
        } catch {
            throw PathFailure(.unfitCertificate, "\(label) has an extension that cannot be decoded: \(error)")
        }
    }

    /// Issued under its own name: not counted by path length constraints (RFC 5280 §6.1).
    var isSelfIssued: Bool {
        certificate.subject == certificate.issuer
    }

    /// The `cA` bit; absent basic constraints mean false (decision D-13).
    var isAuthority: Bool {
        if case .isCertificateAuthority = basicConstraints { true } else { false }
    }

    /// The number of intermediates that may follow; `nil` is any number.
    var pathLength: Int? {
        if case .isCertificateAuthority(let maxPathLength) = basicConstraints { maxPathLength } else { nil }
    }

    /// Says whether both speak for the same subject and key, as renewals and cross-signed copies do.
    func isSameIssuer(as other: PathCertificate) -> Bool {
        certificate.subject == other.certificate.subject && certificate.publicKey == other.certificate.publicKey
    }

    // MARK: - Rules for every certificate of a path

    func checkBasics(at date: Date) throws(PathFailure) {
        guard certificate.version == .v3 else {
            throw PathFailure(.unfitCertificate, "\(label) is not an X.509 version 3 certificate")
        }
        try checkValidity(at: date)
        try checkCriticalExtensions()
        try PathKeyRules.check(certificate.publicKey, of: label)
    }

    /// Both ends are inclusive, without leeway (RFC 5280 §4.1.2.5, decision D-07).
    private func checkValidity(at date: Date) throws(PathFailure) {
        guard date >= certificate.notValidBefore else {
            let start = certificate.notValidBefore.formatted(.iso8601)
            throw PathFailure(
                .unfitCertificate,
                "\(label) is not yet valid: current time \(date.formatted(.iso8601)) is before \(start)")
        }
        guard date <= certificate.notValidAfter else {
            let end = certificate.notValidAfter.formatted(.iso8601)
            throw PathFailure(
                .unfitCertificate,
                "\(label) has expired: current time \(date.formatted(.iso8601)) is after \(end)")
        }
    }

    private func checkCriticalExtensions() throws(PathFailure) {
        for item in certificate.extensions where item.critical && !Self.understood.contains(item.oid) {
            throw PathFailure(.unfitCertificate, "\(label) has an unhandled critical extension \(item.oid)")
        }
    }

    private static let understood: Set<ASN1ObjectIdentifier> = [
        .X509ExtensionID.basicConstraints, .X509ExtensionID.keyUsage, .X509ExtensionID.extendedKeyUsage,
        .X509ExtensionID.nameConstraints, .X509ExtensionID.subjectAlternativeName,
    ]

    // MARK: - Rules for issuing certificates

    /// - Parameter isTrusted: The bundle holds it; then key usage may be absent (decisions D-11, D-14).
    func checkIssuing(isTrusted: Bool) throws(PathFailure) {
        guard isAuthority else {
            throw PathFailure(.unfitCertificate, "\(label) must have CA flag set to true")
        }
        guard let keyUsage else {
            if isTrusted { return }
            throw PathFailure(.unfitCertificate, "\(label) has no key usage")
        }
        guard keyUsage.keyCertSign else {
            throw PathFailure(.unfitCertificate, "\(label) must have 'keyCertSign' set as key usage")
        }
    }
}
