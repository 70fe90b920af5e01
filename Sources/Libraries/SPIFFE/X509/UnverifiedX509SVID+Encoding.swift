// SPDX-License-Identifier: Apache-2.0

import X509

extension UnverifiedX509SVID {
    /// Reads one DER certificate from each element, as TLS hands them over.
    ///
    /// - Throws: ``SPIFFEError`` with code `invalidX509SVID`.
    public init(derCertificates: some Collection<[UInt8]>) throws(SPIFFEError) {
        try self.init(certificates: CertificateChainEncoding.certificates(der: derCertificates))
    }

    /// Reads DER certificates one after the other without anything between, as the Workload API sends them.
    ///
    /// - Throws: ``SPIFFEError`` with code `invalidX509SVID`.
    public init(concatenatedDER bytes: [UInt8]) throws(SPIFFEError) {
        try self.init(certificates: CertificateChainEncoding.certificates(concatenatedDER: bytes))
    }

    /// Reads the `CERTIFICATE` blocks of a PEM text.
    ///
    /// - Throws: ``SPIFFEError`` with code `invalidX509SVID`.
    public init(pem: String) throws(SPIFFEError) {
        try self.init(certificates: CertificateChainEncoding.certificates(pem: pem))
    }
}
