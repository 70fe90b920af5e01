// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

/// What ``BundleClientState`` wants done.
package enum BundleClientAction: Hashable, Sendable {
    case startFetch(FetchAttempt)
    case cancelFetch(FetchAttempt)
    /// Judge the bundle over the stored one by ``BundleAcceptance`` and store it if that says so, in one transaction.
    case store(FetchAttempt, SPIFFEBundle)
    case saveStatus(FederationStatus)
    case deleteStatus(TrustDomain)
    /// Whoever waits for a refresh of the trust domain can be told.
    case finish(TrustDomain, RefreshOutcome)
    case log(BundleClientNotice)
}

/// How a refresh that somebody may wait for came out.
package enum RefreshOutcome: Hashable, Sendable {
    case refreshed
    case failed(FederationFailure)
    /// The relationship is gone.
    case removed
}
