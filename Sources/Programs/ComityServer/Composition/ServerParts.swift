// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityStorage

/// What the services of one server share.
struct ServerParts: Sendable {
    let store: SQLStore
    let authorities: LocalAuthorities
    let attestors: [any ServerNodeAttestor]
    let index: LiveEntryIndex
    let bundles: LiveBundles
    let bundleClient: BundleClient
}
