// SPDX-License-Identifier: Apache-2.0

import SwiftASN1
import X509

extension X509Credential {
    /// Reads an SVID as the Workload API sends it.
    ///
    /// - Parameters:
    ///   - concatenatedDER: DER certificates one after the other, leaf first.
    ///   - privateKeyDER: The key as PKCS#8 DER, not encrypted.
    ///   - hint: The operator's word for what this identity is for.
    /// - Throws: ``SPIFFEError`` with code `invalidX509SVID` or `invalidKey`.
    public init(concatenatedDER: [UInt8], privateKeyDER: [UInt8], hint: String = "") throws(SPIFFEError) {
        try self.init(
            certificates: CertificateChainEncoding.certificates(concatenatedDER: concatenatedDER),
            privateKey: Self.privateKey(der: privateKeyDER),
            hint: hint)
    }

    /// Reads an SVID from PEM texts, which may be one and the same.
    ///
    /// - Parameters:
    ///   - certificatesPEM: Has the `CERTIFICATE` blocks, leaf first.
    ///   - privateKeyPEM: Has one `PRIVATE KEY`, `EC PRIVATE KEY` or `RSA PRIVATE KEY` block.
    ///   - hint: The operator's word for what this identity is for.
    /// - Throws: ``SPIFFEError`` with code `invalidX509SVID` or `invalidKey`.
    public init(certificatesPEM: String, privateKeyPEM: String, hint: String = "") throws(SPIFFEError) {
        try self.init(
            certificates: CertificateChainEncoding.certificates(pem: certificatesPEM),
            privateKey: Self.privateKey(pem: privateKeyPEM),
            hint: hint)
    }

    /// The DER of each certificate, leaf first.
    public var derCertificates: [[UInt8]] {
        get throws(SPIFFEError) {
            var blobs: [[UInt8]] = []
            for certificate in certificates {
                blobs.append(try CertificateChainEncoding.der(of: certificate))
            }
            return blobs
        }
    }

    /// The certificates as the Workload API sends them: DER, one after the other, leaf first.
    public var concatenatedDER: [UInt8] {
        get throws(SPIFFEError) { try derCertificates.flatMap { $0 } }
    }

    /// The private key as PKCS#8 DER.
    ///
    /// - Throws: ``SPIFFEError`` with code `invalidKey` when the key cannot leave its key manager.
    public var privateKeyDER: [UInt8] {
        get throws(SPIFFEError) { try PrivateKeyEncoding.pkcs8DER(of: privateKey) }
    }

    private static func privateKey(der: [UInt8]) throws(SPIFFEError) -> Certificate.PrivateKey {
        do {
            return try Certificate.PrivateKey(derBytes: der)
        } catch {
            // The cause may quote key bytes; it is left out.
            throw SPIFFEError(.invalidKey, "private key is not a supported PKCS#8 key in DER")
        }
    }

    private static func privateKey(pem: String) throws(SPIFFEError) -> Certificate.PrivateKey {
        guard pem.utf8.count <= 2 * PathLimits.maximumEncodedLength,
            let documents = try? PEMDocument.parseMultiple(pemString: pem)
        else {
            throw SPIFFEError(.invalidKey, "private key is not PEM")
        }
        let keys = documents.filter { $0.discriminator.hasSuffix("PRIVATE KEY") }
        guard let document = keys.first, keys.count == 1 else {
            throw SPIFFEError(.invalidKey, "PEM has \(keys.count) private keys, exactly one is needed")
        }
        guard let key = try? Certificate.PrivateKey(pemDocument: document) else {
            throw SPIFFEError(.invalidKey, "private key is malformed or of an unsupported kind")
        }
        return key
    }
}
