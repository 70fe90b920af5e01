// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import SPIFFE

/// What reaches the bundle client, one after the other.
enum BundleClientMessage: Sendable {
    case changed(RegistryChange)
    /// Time to look whether something was changed from outside.
    case reread
    /// Time for an attempt, or for several.
    case timer
    case checkUnrefreshed
    case refresh(TrustDomain)
    case fetched(FetchAttempt, Result<BundleDocument, FederationFailure>)
    case judged(FetchAttempt, SPIFFEBundle, Result<BundleAcceptance, FederationFailure>)
}
