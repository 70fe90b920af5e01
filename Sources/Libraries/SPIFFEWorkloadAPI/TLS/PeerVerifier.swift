// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import NIOSSL
import SPIFFE

/// Judges what peers present.
struct PeerVerifier: Sendable {
    let bundles: any BundleSetSource
    let authorizer: Authorizer

    func verify(
        _ presented: [NIOSSLCertificate], role: X509SVID.Role, at now: Date
    ) throws(SPIFFEError) -> X509SVID {
        let svid = try UnverifiedX509SVID(derCertificates: try Self.der(of: presented))
            .verified(by: bundles.bundles, at: now, role: role)
        try authorizer.authorize(svid.id)
        return svid
    }

    private static func der(of presented: [NIOSSLCertificate]) throws(SPIFFEError) -> [[UInt8]] {
        guard presented.count <= PathLimits.maximumPresentedCertificates else {
            throw SPIFFEError(.invalidX509SVID, "peer sent \(presented.count) certificates")
        }
        do {
            return try presented.map { try $0.toDERBytes() }
        } catch {
            throw SPIFFEError(.invalidX509SVID, "peer's certificate cannot be read", cause: error)
        }
    }
}
