// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SPIFFE

extension DERWriter {
    mutating func prependValidity(notBefore: Date, notAfter: Date) {
        let mark = count
        prepend(time: notAfter)
        prepend(time: notBefore)
        wrap(tag: 0x30, since: mark)
    }

    /// All extensions of a leaf, in the order Go writes them.
    mutating func prependExtensions(
        id: SPIFFEID, dnsNames: [String], isSubjectEmpty: Bool, keyIdentifier: some Collection<UInt8>,
        authorityKeyIdentifier: [UInt8]
    ) {
        let mark = count
        prependAlternativeNames(id: id, dnsNames: dnsNames, isCritical: isSubjectEmpty)
        prepend(authorityKeyIdentifier)
        prependSubjectKeyIdentifier(keyIdentifier)
        prepend(CertificateBytes.leafUsage)
        wrap(tag: 0x30, since: mark)
        wrap(tag: 0xa3, since: mark)
    }

    private mutating func prependAlternativeNames(id: SPIFFEID, dnsNames: [String], isCritical: Bool) {
        let mark = count
        prepend(tag: 0x86, id.uri.utf8)
        for name in dnsNames.reversed() {
            prepend(tag: 0x82, name.utf8)
        }
        wrap(tag: 0x30, since: mark)
        wrap(tag: 0x04, since: mark)
        if isCritical {
            prepend(CertificateBytes.critical)
        }
        prepend(CertificateBytes.subjectAlternativeNameOID)
        wrap(tag: 0x30, since: mark)
    }

    private mutating func prependSubjectKeyIdentifier(_ keyIdentifier: some Collection<UInt8>) {
        let mark = count
        prepend(tag: 0x04, keyIdentifier)
        wrap(tag: 0x04, since: mark)
        prepend(CertificateBytes.subjectKeyIdentifierOID)
        wrap(tag: 0x30, since: mark)
    }

    /// The BIT STRING of a signature; for EC from `r` and `s` side by side (RFC 3279 §2.2.3).
    mutating func prepend(signature: [UInt8], of type: KeyType) {
        let mark = count
        switch type {
        case .ecP256, .ecP384:
            prepend(unsignedInteger: signature[(signature.count / 2)...])
            prepend(unsignedInteger: signature[..<(signature.count / 2)])
            wrap(tag: 0x30, since: mark)
        case .rsa2048, .rsa4096:
            prepend(signature)
        }
        prepend(0)
        wrap(tag: 0x03, since: mark)
    }
}
