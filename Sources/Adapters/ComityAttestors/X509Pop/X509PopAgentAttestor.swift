// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import SPIFFE
import SwiftASN1
package import X509

/// Proves a node by the key of its certificate. Both are read anew each time, so that a renewed one is used.
package struct X509PopAgentAttestor: AgentNodeAttestor {
    private static let maximumFileSize = 1 << 20

    /// A certificate with what belongs to it.
    package struct Identity: Sendable {
        /// Leaf first.
        package var certificates: [Certificate]
        package var privateKey: Certificate.PrivateKey

        package init(certificates: [Certificate], privateKey: Certificate.PrivateKey) {
            self.certificates = certificates
            self.privateKey = privateKey
        }
    }

    private let identity: @Sendable () async throws -> Identity

    package var name: String { X509PopServerAttestor.name }

    /// - Parameter identity: Answers with what the node is proven by.
    package init(identity: @escaping @Sendable () async throws -> Identity) {
        self.identity = identity
    }

    /// Reads PEM files.
    package init(certificatePath: String, keyPath: String, intermediatesPath: String?) {
        self.init {
            try Self.read(certificatePath: certificatePath, keyPath: keyPath, intermediatesPath: intermediatesPath)
        }
    }

    package func attest(_ send: @Sendable ([UInt8]) async throws -> [UInt8]?) async throws {
        let identity = try await identity()
        let certificates = try identity.certificates.map { certificate in
            var serializer = DER.Serializer()
            try serializer.serialize(certificate)
            return serializer.serializedBytes
        }
        guard let message = try await send(X509PopMessages.payload(certificates)) else {
            throw AttestationError(.internalError, "server asked for no proof of the certificate's key")
        }
        let challenge = try X509PopMessages.challenge(parsing: message)
        guard challenge.kind == CertificateSignature.Kind(identity.privateKey.publicKey) else {
            let kind = challenge.kind == .rsa ? "RSA" : "ECDSA"
            throw AttestationError(
                .internalError, "failed to calculate challenge response: server asks for an \(kind) signature")
        }
        let nonce = Nonce()
        let digest = Nonce.digest(challenge: challenge.nonce, response: nonce)
        let signature = try CertificateSignature(of: digest, by: identity.privateKey)
        guard try await send(X509PopMessages.response(signature, nonce)) == nil else {
            throw AttestationError(.internalError, "server asked for a second proof")
        }
    }

    private static func read(
        certificatePath: String, keyPath: String, intermediatesPath: String?
    ) throws(AttestationError) -> Identity {
        var certificates = try self.certificates(certificatePath, "certificate_path")
        if let intermediatesPath { certificates += try self.certificates(intermediatesPath, "intermediates_path") }
        let key: Certificate.PrivateKey
        do {
            let text = String(decoding: try BoundedFile.read(keyPath, atMost: maximumFileSize), as: UTF8.self)
            key = try Certificate.PrivateKey(pemEncoded: text)
        } catch let error as AttestationError {
            throw error
        } catch {
            // The error itself may hold parts of the key.
            throw AttestationError(
                .invalidArgument,
                "unable to load keypair: \(keyPath.quoted) is no private key in PEM (private_key_path)")
        }
        guard certificates.first?.publicKey == key.publicKey else {
            throw AttestationError(
                .invalidArgument,
                "unable to load keypair: private key does not match the first certificate of "
                    + certificatePath.quoted)
        }
        return Identity(certificates: certificates, privateKey: key)
    }

    private static func certificates(_ path: String, _ key: String) throws(AttestationError) -> [Certificate] {
        let text = String(decoding: try BoundedFile.read(path, atMost: maximumFileSize), as: UTF8.self)
        let certificates: [Certificate]
        do throws(SPIFFEError) {
            certificates = try CertificateChainEncoding.certificates(pem: text)
        } catch {
            throw AttestationError(.invalidArgument, "unable to load \(path.quoted) (\(key)): \(error.message)")
        }
        guard !certificates.isEmpty else {
            throw AttestationError(.invalidArgument, "unable to load \(path.quoted) (\(key)): no certificate in it")
        }
        return certificates
    }
}
