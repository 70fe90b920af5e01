// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

/// Whether a fetched bundle replaces the stored one (Federation §4.2, decision D-22).
///
/// What is stored is the baseline, whoever stored it: an operator's `bundle set` or `bundle delete` always gets past a
/// restart of the partner's numbering.
package enum BundleAcceptance: Hashable, Sendable {
    case store
    /// The stored bundle says the same; nothing needs to be written.
    case unchanged
    case refuse(FederationFailure)

    package init(of fetched: SPIFFEBundle, over stored: SPIFFEBundle?) {
        guard let stored else {
            self = .store
            return
        }
        if let new = fetched.sequenceNumber, let old = stored.sequenceNumber, new < old {
            self = .refuse(Self.rollback(of: fetched.trustDomain, from: old, to: new))
        } else {
            self = fetched.hasSameContent(as: stored) ? .unchanged : .store
        }
    }

    private static func rollback(of trustDomain: TrustDomain, from old: UInt64, to new: UInt64) -> FederationFailure {
        FederationFailure(
            .rollback,
            "fetched bundle has sequence number \(new), lower than \(old) of the stored bundle, which is kept: "
                + "if the partner restarted its numbering, set the bundle anew by "
                + "'bundle set -id \(trustDomain)'")
    }
}
