// SPDX-License-Identifier: Apache-2.0

import X509

/// What X509-SVID §2 to §5.2 asks of a leaf, before and beside path validation.
enum X509LeafRules {
    /// The SPIFFE ID in the one URI SAN, which must have a path.
    static func id(of leaf: PathCertificate) throws(SPIFFEError) -> SPIFFEID {
        let uris = (leaf.alternativeNames.map { Array($0) } ?? []).compactMap { name in
            if case .uniformResourceIdentifier(let uri) = name { uri } else { nil }
        }
        guard let uri = uris.first else {
            throw SPIFFEError(.invalidX509SVID, "could not get leaf SPIFFE ID: certificate contains no URI SAN")
        }
        guard uris.count == 1 else {
            throw SPIFFEError(
                .invalidX509SVID, "could not get leaf SPIFFE ID: certificate contains more than one URI SAN")
        }
        let id: SPIFFEID
        do throws(SPIFFEError) {
            id = try SPIFFEID(uri)
        } catch {
            throw SPIFFEError(.invalidX509SVID, "could not get leaf SPIFFE ID", cause: error)
        }
        guard !id.path.isEmpty else {
            throw SPIFFEError(.invalidX509SVID, "leaf certificate has SPIFFE ID \"\(id)\" without a path")
        }
        return id
    }

    static func check(_ leaf: PathCertificate, role: X509SVID.Role) throws(PathFailure) {
        guard !leaf.isAuthority else {
            throw PathFailure(.unfitCertificate, "leaf certificate with CA flag set to true")
        }
        try checkKeyUsage(of: leaf)
        try checkExtendedKeyUsage(of: leaf, role: role)
        let isCritical = leaf.certificate.extensions[oid: .X509ExtensionID.subjectAlternativeName]?.critical ?? false
        guard !leaf.certificate.subject.isEmpty || isCritical else {
            throw PathFailure(
                .unfitCertificate, "leaf certificate without subject must have a critical subject alternative name")
        }
    }

    /// Decision D-14: present and with `digitalSignature`, critical or not.
    private static func checkKeyUsage(of leaf: PathCertificate) throws(PathFailure) {
        guard let usage = leaf.keyUsage else {
            throw PathFailure(.unfitCertificate, "leaf certificate has no key usage")
        }
        guard !usage.keyCertSign else {
            throw PathFailure(.unfitCertificate, "leaf certificate with KeyCertSign key usage")
        }
        guard !usage.cRLSign else {
            throw PathFailure(.unfitCertificate, "leaf certificate with KeyCrlSign key usage")
        }
        guard usage.digitalSignature else {
            throw PathFailure(
                .unfitCertificate, "leaf certificate must have 'digitalSignature' set as key usage")
        }
    }

    /// Decision D-15: absent is any purpose.
    private static func checkExtendedKeyUsage(of leaf: PathCertificate, role: X509SVID.Role) throws(PathFailure) {
        guard let usages = leaf.extendedKeyUsage, !usages.contains(.any) else { return }
        let isServer = usages.contains(.serverAuth), isClient = usages.contains(.clientAuth)
        guard isServer || isClient else {
            throw PathFailure(
                .unfitCertificate, "leaf certificate has an extended key usage without serverAuth and clientAuth")
        }
        guard role != .server || isServer else {
            throw PathFailure(.unfitCertificate, "leaf certificate of a server must have extended key usage serverAuth")
        }
        guard role != .client || isClient else {
            throw PathFailure(.unfitCertificate, "leaf certificate of a client must have extended key usage clientAuth")
        }
    }
}
