// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

extension SPIFFEBundle {
    /// Says whether both bundles have the same keys, numbering and hint, whatever the order of keys.
    ///
    /// SPIRE leaves out a sequence number or hint of 0, so 0 equals absence.
    package func hasSameContent(as other: SPIFFEBundle) -> Bool {
        // Most polls bring what is there already, in the same order.
        (x509Authorities == other.x509Authorities && jwtAuthorities == other.jwtAuthorities
            || hasSameAuthorities(as: other))
            && trustDomain == other.trustDomain
            && (sequenceNumber ?? 0) == (other.sequenceNumber ?? 0)
            && (refreshHint ?? 0) == (other.refreshHint ?? 0)
    }
}
