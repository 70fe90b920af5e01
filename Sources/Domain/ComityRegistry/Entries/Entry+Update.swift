// SPDX-License-Identifier: Apache-2.0

extension Entry {
    /// The entry with the named fields of another one and the next revision number.
    ///
    /// The ID, the time of creation and the revision are never taken over.
    package func updated(with other: Entry, fields: Set<EntryField>) -> Entry {
        var entry = self
        for field in fields {
            entry.take(field, from: other)
        }
        entry.revisionNumber += 1
        return entry
    }

    private mutating func take(_ field: EntryField, from other: Entry) {
        switch field {
        case .spiffeID: spiffeID = other.spiffeID
        case .parentID: parentID = other.parentID
        case .selectors: selectors = other.selectors
        case .x509SVIDTTL: x509SVIDTTL = other.x509SVIDTTL
        case .jwtSVIDTTL: jwtSVIDTTL = other.jwtSVIDTTL
        case .federatesWith: federatesWith = other.federatesWith
        case .admin: isAdmin = other.isAdmin
        case .downstream: isDownstream = other.isDownstream
        case .expiresAt: expiresAt = other.expiresAt
        case .dnsNames: dnsNames = other.dnsNames
        case .storeSVID: storesSVID = other.storesSVID
        case .hint: hint = other.hint
        case .additionalAttributes:
            disablesX509SVIDPrefetch = other.disablesX509SVIDPrefetch
            includesJTIInJWTSVID = other.includesJTIInJWTSVID
        case .revisionNumber, .createdAt: break
        }
    }
}
