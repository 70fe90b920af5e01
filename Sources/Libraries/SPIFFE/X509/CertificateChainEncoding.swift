// SPDX-License-Identifier: Apache-2.0

import SwiftASN1
package import X509

/// The encodings in which certificate chains arrive, each bounded in size and count.
package enum CertificateChainEncoding {
    package static func certificates(der blobs: some Collection<[UInt8]>) throws(SPIFFEError) -> [Certificate] {
        guard blobs.count <= PathLimits.maximumPresentedCertificates else { throw tooMany }
        var certificates: [Certificate] = []
        for bytes in blobs {
            guard bytes.count <= PathLimits.maximumEncodedLength else { throw tooLong }
            certificates.append(try certificate(der: bytes[...], at: certificates.count))
        }
        return certificates
    }

    /// Nothing may stand before, between or after the certificates.
    package static func certificates(concatenatedDER bytes: [UInt8]) throws(SPIFFEError) -> [Certificate] {
        guard bytes.count <= PathLimits.maximumEncodedLength else { throw tooLong }
        var certificates: [Certificate] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard certificates.count < PathLimits.maximumPresentedCertificates else { throw tooMany }
            guard let length = derLength(of: rest), length <= rest.count else {
                throw SPIFFEError(.invalidX509SVID, "certificate \(certificates.count) is not whole DER")
            }
            certificates.append(try certificate(der: rest.prefix(length), at: certificates.count))
            rest = rest.dropFirst(length)
        }
        return certificates
    }

    /// Blocks other than `CERTIFICATE` are passed over, as go-spiffe does.
    package static func certificates(pem: String) throws(SPIFFEError) -> [Certificate] {
        guard pem.utf8.count <= 2 * PathLimits.maximumEncodedLength else { throw tooLong }
        let documents: [PEMDocument]
        do {
            documents = try PEMDocument.parseMultiple(pemString: pem)
        } catch {
            throw SPIFFEError(.invalidX509SVID, "chain is not PEM", cause: error)
        }
        return try certificates(der: documents.filter { $0.discriminator == "CERTIFICATE" }.map(\.derBytes))
    }

    package static func der(of certificate: Certificate) throws(SPIFFEError) -> [UInt8] {
        do {
            var serializer = DER.Serializer()
            try serializer.serialize(certificate)
            return serializer.serializedBytes
        } catch {
            throw SPIFFEError(.invalidX509SVID, "certificate cannot be encoded", cause: error)
        }
    }

    private static func certificate(der bytes: ArraySlice<UInt8>, at index: Int) throws(SPIFFEError) -> Certificate {
        do {
            return try Certificate(derEncoded: bytes)
        } catch {
            throw SPIFFEError(.invalidX509SVID, "certificate \(index) is not a DER certificate", cause: error)
        }
    }

    /// The length of the sequence at the start, header included; `nil` when it has no definite length header.
    static func derLength(of bytes: ArraySlice<UInt8>) -> Int? {
        var header = bytes.makeIterator()
        guard header.next() == 0x30, let first = header.next() else { return nil }
        if first < 0x80 { return 2 + Int(first) }
        let size = Int(first & 0x7F)
        guard (1...4).contains(size) else { return nil }
        var length = 0
        for _ in 0..<size {
            guard let byte = header.next() else { return nil }
            length = length << 8 | Int(byte)
        }
        return 2 + size + length
    }

    private static var tooMany: SPIFFEError {
        SPIFFEError(
            .invalidX509SVID,
            "chain has more than \(PathLimits.maximumPresentedCertificates) certificates")
    }

    private static var tooLong: SPIFFEError {
        SPIFFEError(.invalidX509SVID, "chain is longer than \(PathLimits.maximumEncodedLength) bytes")
    }
}
