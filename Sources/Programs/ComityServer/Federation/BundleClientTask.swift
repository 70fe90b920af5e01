// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import SPIFFE

/// What the bundle client does beside handling messages.
enum BundleClientTask: Sendable {
    case fetch(FetchAttempt, AbandonableWork)
    case store(FetchAttempt, SPIFFEBundle, while: FederationRelationship?)
    /// Until the next attempt is due.
    case sleep(Duration)
}
