// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import X509

/// Paths of certificates that need be no SVIDs, by the rules that hold for SVIDs too, for any purpose.
package enum CertificatePaths {
    /// Every path from a leaf to one of the authorities, leaf first and authority last; at least one.
    ///
    /// A leaf that is itself one of the authorities needs no other.
    ///
    /// - Throws: ``SPIFFEError`` with code `invalidX509SVID`.
    package static func find(
        leaf: Certificate, presented: [Certificate], authorities: [X509Authority], at date: Date,
        limits: PathLimits = PathLimits()
    ) throws(SPIFFEError) -> [[Certificate]] {
        do throws(PathFailure) {
            let first = try PathCertificate(leaf, label: "leaf certificate")
            try first.checkBasics(at: date)
            if authorities.contains(where: { $0.certificate == leaf }) { return [[leaf]] }
            var builder = PathBuilder(
                leaf: first, presented: presented, authorities: authorities, at: date, limits: limits)
            return try builder.buildAll().map { $0.map(\.certificate) }
        } catch {
            throw SPIFFEError(.invalidX509SVID, error.message)
        }
    }
}
