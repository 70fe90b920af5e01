// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityRegistry
import ComityStorage

/// What the services of one server share.
struct ServerParts: Sendable {
    let database: SQLStore
    /// The same, telling what it does.
    let store: any RegistryStore
    let authorities: LocalAuthorities
    let attestors: [any ServerNodeAttestor]
    let index: LiveEntryIndex
    let bundles: LiveBundles
    let bundleClient: BundleClient
    let kubernetes: KubernetesConnections
    let publishers: [BundlePublisher]
    let metrics: ServerMetrics
}
