// SPDX-License-Identifier: Apache-2.0

/// A field of a bundle that an update may write or an answer may carry.
package enum BundleField: CaseIterable, Hashable, Sendable {
    case x509Authorities, jwtAuthorities, refreshHint, sequenceNumber
}
