// SPDX-License-Identifier: Apache-2.0

package import ComityAttestation
import SPIFFE

/// Proves a node by its SSH host key. Key and certificate are read anew each time, so that renewed ones are used.
package struct SSHPopAgentAttestor: AgentNodeAttestor {
    private static let maximumFileSize = 1 << 20

    private let settings: SSHPopAgentSettings

    package var name: String { SSHPopServerAttestor.name }

    package init(_ settings: SSHPopAgentSettings) {
        self.settings = settings
    }

    package func attest(_ send: @Sendable ([UInt8]) async throws -> [UInt8]?) async throws {
        let key = try SSHPrivateKey(pem: try BoundedFile.read(settings.keyPath, atMost: Self.maximumFileSize))
        let certificate = try certificate()
        guard certificate.key.key == key.publicKey else {
            throw AttestationError(
                .invalidArgument,
                "certificate \(settings.certificatePath.quoted) is not of host key \(settings.keyPath.quoted)")
        }
        guard let challenge = try await send(SSHPopMessages.payload(certificate.bytes)) else {
            throw AttestationError(.internalError, "server asked for no proof of the host key")
        }
        let nonce = Nonce()
        let signed = Array(Nonce.digest(challenge: try SSHPopMessages.nonce(challenge: challenge), response: nonce))
        guard try await send(SSHPopMessages.response(try key.signature(for: signed), nonce)) == nil else {
            throw AttestationError(.internalError, "server asked for a second proof")
        }
    }

    private func certificate() throws(AttestationError) -> SSHCertificate {
        let path = settings.certificatePath
        let line = String(decoding: try BoundedFile.read(path, atMost: Self.maximumFileSize), as: UTF8.self)
        do throws(AttestationError) {
            return try SSHCertificate(
                try SSHPublicKey.blob(authorizedKey: line) { $0.hasSuffix("-cert-v01@openssh.com") })
        } catch {
            throw AttestationError(
                error.code, "host certificate \(path.quoted) cannot be used: \(error.message) (host_cert_path)")
        }
    }
}
