// SPDX-License-Identifier: Apache-2.0

extension SPIFFEBundle {
    /// Reads X.509 authorities as the Workload API sends them: DER certificates one after the other.
    ///
    /// A certificate that cannot be an authority, because it is malformed or too weak (decision D-10), is left out.
    ///
    /// - Parameters:
    ///   - x509Authorities: May be empty; nothing may stand between the certificates.
    ///   - trustDomain: Whose authorities they are.
    /// - Throws: ``SPIFFEError`` with code `invalidBundle` when the bytes cannot be split into certificates.
    public init(concatenatedDER x509Authorities: [UInt8], trustDomain: TrustDomain) throws(SPIFFEError) {
        guard x509Authorities.count <= Self.maximumDocumentSize else {
            throw SPIFFEError(.invalidBundle, "bundle is longer than \(Self.maximumDocumentSize) bytes")
        }
        var known: Set<X509Authority> = []
        var authorities: [X509Authority] = []
        var rest = x509Authorities[...]
        while !rest.isEmpty {
            guard let length = CertificateChainEncoding.derLength(of: rest), length <= rest.count else {
                throw SPIFFEError(.invalidBundle, "bundle is not whole DER certificates")
            }
            if let authority = try? X509Authority(derBytes: Array(rest.prefix(length))),
                known.insert(authority).inserted
            {
                authorities.append(authority)
            }
            rest = rest.dropFirst(length)
        }
        self.init(trustDomain: trustDomain, x509Authorities: authorities)
    }
}
