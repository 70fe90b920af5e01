// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import FoundationEssentials
import SPIFFE
import X509

/// A CA with its key and its roots, as files hold it.
struct DiskCA: Sendable {
    private static let maximumSize = 1 << 20

    let key: Certificate.PrivateKey
    /// The CA first.
    let chain: [X509Authority]
    let roots: [X509Authority]

    /// Reads all files, or none: what does not fit together is refused.
    init(_ settings: DiskUpstreamSettings, now: Date) throws {
        chain = try Self.certificates(settings.certificatePath)
        do {
            key = try Certificate.PrivateKey(
                pemEncoded: String(decoding: try Self.read(settings.keyPath), as: UTF8.self))
        } catch let error as AuthorityError {
            throw error
        } catch {
            // Without the cause, which might quote the key.
            throw AuthorityError(.upstream, "\(settings.keyPath) is not a private key in PEM")
        }
        roots = try settings.bundlePath.map(Self.certificates) ?? Array(chain.prefix(1))
        guard chain[0].certificate.publicKey == key.publicKey else {
            throw AuthorityError(
                .upstream, "\(settings.keyPath) is not the key of the certificate in \(settings.certificatePath)")
        }
        try check(settings, now: now)
    }

    /// What stands between an X.509 CA of the server and the roots.
    var intermediates: [X509Authority] { chain.filter { !roots.contains($0) } }

    private func check(_ settings: DiskUpstreamSettings, now: Date) throws {
        let path = settings.certificatePath
        if settings.bundlePath == nil, chain.count > 1 || !chain[0].isSigned(by: chain[0]) {
            throw AuthorityError(
                .upstream, "\(path) is not one self-signed certificate; set bundle_file_path to the roots above it")
        }
        for certificate in chain.map(\.certificate) {
            guard case .isCertificateAuthority? = try? certificate.extensions.basicConstraints else {
                throw AuthorityError(.upstream, "\(path): \(certificate.subject) is not a CA")
            }
            guard certificate.notValidBefore <= now, now < certificate.notValidAfter else {
                throw AuthorityError(.upstream, "\(path): \(certificate.subject) is not valid now; replace it")
            }
        }
        for (lower, upper) in zip(chain, chain.dropFirst()) where !lower.isSigned(by: upper) {
            throw AuthorityError(.upstream, "\(path): \(lower.certificate.subject) is not signed by the next")
        }
        guard let top = chain.last, roots.contains(where: { top == $0 || top.isSigned(by: $0) }) else {
            throw AuthorityError(.upstream, "\(path) is signed by none of the roots in \(settings.bundlePath ?? path)")
        }
    }

    private static func certificates(_ path: String) throws -> [X509Authority] {
        do {
            return try X509Authority.parse(pem: try read(path))
        } catch let error as SPIFFEError {
            throw AuthorityError(.upstream, "\(path) cannot be used", cause: error)
        }
    }

    private static func read(_ path: String) throws -> [UInt8] {
        guard let content = try? Data(contentsOf: URL(filePath: path)) else {
            throw AuthorityError(.upstream, "\(path) cannot be read; let this user read it")
        }
        guard content.count <= maximumSize else {
            throw AuthorityError(.upstream, "\(path) is larger than \(maximumSize) bytes")
        }
        return Array(content)
    }
}
