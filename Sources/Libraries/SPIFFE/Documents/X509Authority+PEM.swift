// SPDX-License-Identifier: Apache-2.0

extension X509Authority {
    private static let label = "CERTIFICATE"

    /// Reads PEM certificates strictly: at least one, nothing but certificates, all of them readable.
    ///
    /// - Parameter pem: at most ``SPIFFEBundle/maximumDocumentSize`` bytes; a certificate that is there twice counts once.
    /// - Returns: the certificates in the order of the text.
    /// - Throws: ``SPIFFEError`` with code `invalidBundle`.
    public static func parse(pem: [UInt8]) throws(SPIFFEError) -> [X509Authority] {
        guard pem.count <= SPIFFEBundle.maximumDocumentSize else {
            throw SPIFFEError(
                .invalidBundle, "PEM text has \(pem.count) bytes, more than \(SPIFFEBundle.maximumDocumentSize)")
        }
        let blocks = try PEMBlock.parse(pem)
        guard !blocks.isEmpty else {
            throw SPIFFEError(.invalidBundle, "no PEM blocks")
        }
        var known: Set<X509Authority> = []
        var authorities: [X509Authority] = []
        for (index, block) in blocks.enumerated() {
            guard block.label == label else {
                throw SPIFFEError(
                    .invalidBundle, "PEM block \(index + 1) is a \(block.label.quoted); only \(label.quoted) is allowed"
                )
            }
            let authority: X509Authority
            do {
                authority = try X509Authority(derBytes: block.bytes)
            } catch {
                throw SPIFFEError(.invalidBundle, "PEM block \(index + 1) cannot be used", cause: error)
            }
            if known.insert(authority).inserted { authorities.append(authority) }
        }
        return authorities
    }

    /// The certificate in PEM, with a final line break.
    public var pem: String {
        PEMBlock(label: Self.label, bytes: derBytes).text
    }
}

extension SPIFFEBundle {
    /// Reads the X.509 authorities of a trust domain from PEM certificates.
    ///
    /// - Throws: ``SPIFFEError`` with code `invalidBundle`.
    public init(pem: [UInt8], trustDomain: TrustDomain) throws(SPIFFEError) {
        self.init(trustDomain: trustDomain, x509Authorities: try X509Authority.parse(pem: pem))
    }

    /// The X.509 authorities in PEM, one after the other.
    public var pem: String {
        x509Authorities.map(\.pem).joined()
    }
}
