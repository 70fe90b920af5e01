// SPDX-License-Identifier: Apache-2.0

import SPIFFE

extension BundleRecord {
    /// The record with the named fields of another one.
    package func updated(with other: BundleRecord, fields: Set<BundleField>) -> BundleRecord {
        var record = self
        if fields.contains(.x509Authorities) {
            record.bundle.x509Authorities = other.bundle.x509Authorities
            record.taintedX509Authorities = other.taintedX509Authorities
        }
        if fields.contains(.jwtAuthorities) {
            record.bundle.jwtAuthorities = other.bundle.jwtAuthorities
            record.taintedJWTKeyIDs = other.taintedJWTKeyIDs
            record.jwtExpirations = other.jwtExpirations
        }
        if fields.contains(.refreshHint) { record.bundle.refreshHint = other.bundle.refreshHint }
        if fields.contains(.sequenceNumber) { record.bundle.sequenceNumber = other.bundle.sequenceNumber }
        return record
    }
}
