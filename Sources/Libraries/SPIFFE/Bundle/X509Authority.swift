// SPDX-License-Identifier: Apache-2.0

import SwiftASN1
public import X509

/// A certificate that is trusted to sign X509-SVIDs of one trust domain.
///
/// Two authorities are equal when their DER bytes are.
public struct X509Authority: Sendable {
    /// The certificate with its fields.
    public let certificate: Certificate

    /// The certificate as it was received, in DER.
    public let derBytes: [UInt8]

    /// Takes a certificate as it was received.
    ///
    /// - Throws: ``SPIFFEError`` with code `invalidBundle` when the bytes are not one DER certificate, or one with a key or
    ///   signature that is too weak (decision D-10).
    public init(derBytes: [UInt8]) throws(SPIFFEError) {
        do {
            certificate = try Certificate(derEncoded: derBytes)
        } catch {
            throw SPIFFEError(.invalidBundle, "X.509 authority is not a DER certificate", cause: error)
        }
        guard !WeakSignature.isUsed(inCertificate: derBytes) else {
            throw SPIFFEError(.invalidBundle, "X.509 authority is signed with SHA-1 or MD5")
        }
        self.derBytes = derBytes
    }

    /// Takes a certificate of our own making.
    ///
    /// - Throws: ``SPIFFEError`` with code `invalidBundle` when the certificate cannot be encoded.
    public init(_ certificate: Certificate) throws(SPIFFEError) {
        do {
            var serializer = DER.Serializer()
            try serializer.serialize(certificate)
            derBytes = serializer.serializedBytes
        } catch {
            throw SPIFFEError(.invalidBundle, "X.509 authority cannot be encoded", cause: error)
        }
        self.certificate = certificate
    }
}

extension X509Authority: Hashable {
    /// Compares DER bytes.
    public static func == (lhs: X509Authority, rhs: X509Authority) -> Bool {
        lhs.derBytes == rhs.derBytes
    }

    /// Hashes DER bytes.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(derBytes)
    }
}
