// SPDX-License-Identifier: Apache-2.0

/// A field of an entry that an update may write or an answer may carry.
package enum EntryField: CaseIterable, Hashable, Sendable {
    case spiffeID, parentID, selectors, x509SVIDTTL, jwtSVIDTTL, federatesWith, admin, downstream, expiresAt, dnsNames
    case revisionNumber, storeSVID, hint, createdAt, additionalAttributes
}
