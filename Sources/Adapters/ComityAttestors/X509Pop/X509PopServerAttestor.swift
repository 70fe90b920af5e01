// SPDX-License-Identifier: Apache-2.0

package import ComityAttestation
import ComityRegistry
import Crypto
package import FoundationEssentials
package import SPIFFE
import SwiftASN1
import X509
import _CryptoExtras

/// Lets a node in that holds the key of a certificate by a trusted authority.
package struct X509PopServerAttestor: ServerNodeAttestor {
    package static let name = "x509pop"
    private static let maximumBundleSize = 4 << 20

    private let settings: X509PopServerSettings
    private let trustDomain: TrustDomain
    private let authorities: @Sendable () async throws -> [X509Authority]
    private let now: @Sendable () -> Date

    package var name: String { Self.name }

    /// Reads the files of authorities that the settings name.
    ///
    /// - Parameter ownAuthorities: The authorities of the server's own trust domain at the moment.
    /// - Throws: ``AttestationError`` when a file cannot be used.
    package init(
        _ settings: X509PopServerSettings, trustDomain: TrustDomain,
        ownAuthorities: @escaping @Sendable () async throws -> [X509Authority],
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws(AttestationError) {
        self.settings = settings
        self.trustDomain = trustDomain
        self.now = now
        switch settings.trust {
        case .trustDomain: authorities = ownAuthorities
        case .files(let paths):
            var all: [X509Authority] = []
            for path in paths { all += try Self.authorities(path) }
            let fixed = all
            authorities = { fixed }
        }
    }

    package func attest(
        _ claim: NodeClaim, challenge: @Sendable ([UInt8]) async throws -> [UInt8]
    ) async throws -> NodeAttestation {
        let (leaf, intermediates) = try certificates(X509PopMessages.certificates(payload: claim.payload))
        let paths = try await paths(leaf, intermediates)
        if settings.verifiesClientAddress { try checkAddress(claim.clientAddress, of: leaf) }
        let kind = try signatureKind(of: leaf)
        let nonce = Nonce()
        let answer = try await challenge(X509PopMessages.challenge(kind, nonce))
        let response = try X509PopMessages.response(parsing: answer, to: kind)
        let digest = Nonce.digest(challenge: nonce, response: response.nonce)
        guard response.signature.isValid(for: digest, by: leaf.publicKey) else {
            let name = kind == .rsa ? "RSA" : "ECDSA"
            throw AttestationError(
                .permissionDenied, "challenge response verification failed: \(name) signature verify failed")
        }
        let node = try X509PopNode(leaf: leaf, paths: paths, trustDomain: trustDomain)
        return NodeAttestation(
            agentID: try settings.template.agentID(in: trustDomain, try node.templateData(settings.trust)),
            selectors: try node.selectors, canReattest: true)
    }

    // MARK: - Before the challenge

    private static func authorities(_ path: String) throws(AttestationError) -> [X509Authority] {
        let content = try BoundedFile.read(path, atMost: maximumBundleSize)
        do throws(SPIFFEError) {
            return try X509Authority.parse(pem: content)
        } catch {
            throw AttestationError(.invalidArgument, "unable to load trust bundle \(path.quoted): \(error.message)")
        }
    }

    private func certificates(_ blobs: [[UInt8]]) throws(AttestationError) -> (Certificate, [Certificate]) {
        guard let first = blobs.first else { throw AttestationError(.invalidArgument, "no certificate to attest") }
        guard blobs.count - 1 <= settings.maximumIntermediates else {
            throw AttestationError(
                .invalidArgument,
                "\(blobs.count - 1) intermediate certificates are more than max_intermediates allows "
                    + "(\(settings.maximumIntermediates))")
        }
        let leaf = try Self.certificate(first, "leaf certificate")
        var intermediates: [Certificate] = []
        for (index, blob) in blobs.dropFirst().enumerated() {
            intermediates.append(try Self.certificate(blob, "intermediate certificate \(index)"))
        }
        for certificate in [leaf] + intermediates {
            guard let size = _RSA.Signing.PublicKey(certificate.publicKey)?.keySizeInBits,
                size > settings.maximumRSAKeySize
            else { continue }
            throw AttestationError(
                .invalidArgument,
                "certificate has an RSA key of \(size) bits; max_rsa_key_size is \(settings.maximumRSAKeySize)")
        }
        return (leaf, intermediates)
    }

    private static func certificate(_ der: [UInt8], _ name: String) throws(AttestationError) -> Certificate {
        do {
            return try Certificate(derEncoded: der)
        } catch {
            throw AttestationError(.invalidArgument, "unable to parse \(name): \(error)")
        }
    }

    private func paths(_ leaf: Certificate, _ intermediates: [Certificate]) async throws -> [[Certificate]] {
        let authorities: [X509Authority]
        do {
            authorities = try await self.authorities()
        } catch {
            throw AttestationError(.internalError, "failed to get trust bundle", cause: error)
        }
        do throws(SPIFFEError) {
            return try CertificatePaths.find(
                leaf: leaf, presented: intermediates, authorities: authorities, at: now())
        } catch {
            throw AttestationError(.permissionDenied, "certificate verification failed: \(error.message)")
        }
    }

    private func checkAddress(_ address: String?, of leaf: Certificate) throws(AttestationError) {
        let names = (try? leaf.extensions.subjectAlternativeNames) ?? nil
        let addresses = X509PopNode.addresses(names)
        guard let address, addresses.contains(address) else {
            throw AttestationError(
                .permissionDenied,
                "client IP \(address ?? "unknown") is none of the certificate's IP addresses "
                    + "[\(addresses.joined(separator: ", "))]")
        }
    }

    private func signatureKind(of leaf: Certificate) throws(AttestationError) -> CertificateSignature.Kind {
        guard let usage = (try? leaf.extensions.keyUsage) ?? nil, usage.digitalSignature else {
            throw AttestationError(
                .internalError,
                "unable to generate challenge: certificate not intended for digital signature use")
        }
        guard let kind = CertificateSignature.Kind(leaf.publicKey) else {
            throw AttestationError(.internalError, "unable to generate challenge: unsupported public key type")
        }
        return kind
    }
}
