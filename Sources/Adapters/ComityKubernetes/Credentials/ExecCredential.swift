// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SPIFFE

/// What an exec plugin prints (`kind: ExecCredential`).
struct ExecCredential: Hashable, Sendable {
    static let maximumBytes = 1 << 20

    let access: ClusterAccess
    /// `nil` when it is good until it is refused.
    let expiresAt: Date?

    /// - Throws: ``KubernetesError`` that quotes nothing of the output.
    init(output: [UInt8], apiVersion: String) throws(KubernetesError) {
        let answer: JSONValue
        do throws(SPIFFEError) {
            answer = try JSONValue(parsing: output, maximumBytes: Self.maximumBytes)
        } catch {
            throw Self.failure("printed no JSON")
        }
        guard answer["kind"]?.string == "ExecCredential", answer["apiVersion"]?.string == apiVersion else {
            throw Self.failure("printed something other than an ExecCredential of \(apiVersion)")
        }
        guard let status = answer["status"], status != .null else { throw Self.failure("printed no status") }
        var access = ClusterAccess()
        if let token = status["token"]?.string, !token.isEmpty {
            guard CredentialFile.isToken(token) else { throw Self.failure("printed a malformed token") }
            access.token = token
        }
        if let certificate = status["clientCertificateData"]?.string, let key = status["clientKeyData"]?.string {
            (access.certificate, access.key) = (Array(certificate.utf8), Array(key.utf8))
        }
        guard access != .anonymous else { throw Self.failure("printed neither a token nor a certificate with its key") }
        self.access = access
        expiresAt = try status["expirationTimestamp"]?.string.map { text throws(KubernetesError) in
            guard let date = KubernetesTime.date(text) else { throw Self.failure("printed a malformed expiry") }
            return date
        }
    }

    static func failure(_ reason: String) -> KubernetesError {
        KubernetesError(
            status: nil, reason: KubernetesError.Reason.credential,
            "the credential plugin of the kubeconfig \(reason); run it by hand to see more")
    }
}
