// SPDX-License-Identifier: Apache-2.0

package import ComityAttestation
import ComityTemplates
package import FoundationEssentials
package import SPIFFE

/// Lets a host in that holds the key of an SSH host certificate by a trusted authority.
package struct SSHPopServerAttestor: ServerNodeAttestor {
    package static let name = "sshpop"
    private static let maximumFileSize = 1 << 20

    private let settings: SSHPopServerSettings
    private let trustDomain: TrustDomain
    private let authorities: Set<[UInt8]>
    private let now: @Sendable () -> Date

    package var name: String { Self.name }

    /// Reads the authorities, from their file too.
    ///
    /// - Throws: ``AttestationError`` when one cannot be used.
    package init(
        _ settings: SSHPopServerSettings, trustDomain: TrustDomain, now: @escaping @Sendable () -> Date = { Date() }
    ) throws(AttestationError) {
        self.settings = settings
        self.trustDomain = trustDomain
        self.now = now
        var lines = settings.authorities
        if let path = settings.authoritiesPath {
            let text = String(decoding: try BoundedFile.read(path, atMost: Self.maximumFileSize), as: UTF8.self)
            let keys = text.split(separator: "\n").map(String.init).filter { line in
                line.first { !$0.isWhitespace }.map { $0 != "#" } ?? false
            }
            guard !keys.isEmpty else {
                throw AttestationError(
                    .invalidArgument, "failed to get cert authorities from file: no data found in file: \(path.quoted)")
            }
            lines += keys
        }
        var authorities: Set<[UInt8]> = []
        for line in lines {
            do throws(AttestationError) {
                _ = try SSHPublicKey(authorizedKey: line)
                authorities.insert(
                    try SSHPublicKey.blob(authorizedKey: line) { SSHPublicKey.Kind(rawValue: $0) != nil })
            } catch {
                throw AttestationError(
                    .invalidArgument,
                    "failed to create cert checker: failed to parse public key \(line.quoted): \(error.message)")
            }
        }
        self.authorities = authorities
    }

    package func attest(
        _ claim: NodeClaim, challenge: @Sendable ([UInt8]) async throws -> [UInt8]
    ) async throws -> NodeAttestation {
        let certificate = try SSHCertificate(try SSHPopMessages.certificate(payload: claim.payload))
        guard let principal = certificate.principals.first else {
            throw AttestationError(.invalidArgument, "cert has no valid principals")
        }
        let seconds = UInt64(max(0, now().timeIntervalSince1970))
        if let fault = certificate.fault(authorities: authorities, now: seconds) {
            throw AttestationError(.permissionDenied, "failed to check host key: \(fault)")
        }
        let hostName = try hostName(principal)
        let nonce = Nonce()
        let response = try SSHPopMessages.response(parsing: try await challenge(SSHPopMessages.challenge(nonce)))
        let proven = Array(Nonce.digest(challenge: nonce, response: response.nonce))
        // SPIRE's agent signs by an RSA key with SHA-1.
        guard certificate.key.isValidSignature(response.signature, for: proven, acceptsSHA1: true) else {
            throw AttestationError(.permissionDenied, "failed to verify signature")
        }
        return NodeAttestation(
            agentID: try settings.template.agentID(in: trustDomain, templateData(certificate, hostName)),
            canReattest: true)
    }

    private func hostName(_ principal: String) throws(AttestationError) -> String {
        guard let domain = settings.canonicalDomain else { return principal }
        guard principal.hasSuffix("." + domain) else {
            throw AttestationError(
                .permissionDenied, "host \(principal.quoted) is not within canonical_domain \(domain.quoted)")
        }
        return String(principal.dropLast(domain.count + 1))
    }

    /// The fields of the certificate as Go has them, by themselves and under `Certificate`, and those that SPIRE adds.
    private func templateData(_ certificate: SSHCertificate, _ hostName: String) -> TemplateValue {
        let fields: [String: TemplateValue] = [
            "KeyId": .string(certificate.keyID), "Serial": .string(String(certificate.serial)),
            "ValidPrincipals": .strings(certificate.principals), "CertType": .integer(Int64(certificate.type)),
        ]
        return .record(
            TemplateRecord(
                named: "agentPathTemplateData",
                fields.merging([
                    "Certificate": .record(TemplateRecord(named: "ssh.Certificate", fields)),
                    "PluginName": .string(Self.name),
                    "Fingerprint": .string(certificate.fingerprint), "Hostname": .string(hostName),
                    "TrustDomain": .string(trustDomain.name),
                ]) { $1 }))
    }
}
