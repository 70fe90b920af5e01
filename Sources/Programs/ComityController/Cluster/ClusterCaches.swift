// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import ComityResources
import SPIFFE

/// Copies of everything in the cluster that the controller looks at; none of what it is not to reconcile.
struct ClusterCaches: Sendable {
    private static let classLabel = "spire.spiffe.io/class-name"

    /// With all that decides which pods they select.
    struct Pods: Sendable {
        let spiffeIDs: CacheGroup
        let pods: CacheGroup
        let nodes: CacheGroup
        let namespaces: CacheGroup
        /// EndpointSlices or Endpoints.
        let endpoints: CacheGroup

        var all: [CacheGroup] { [spiffeIDs, pods, nodes, namespaces, endpoints] }
    }

    let pods: Pods?
    let staticEntries: CacheGroup?
    let federatedTrustDomains: CacheGroup?

    /// - Parameter hasEndpointSlices: Whether the API knows them.
    init(_ client: KubernetesClient, _ configuration: ControllerConfiguration, hasEndpointSlices: Bool) {
        func group(
            _ type: ResourceType, _ selection: ObjectSelection = .all,
            trimming: @escaping @Sendable (JSONValue) -> JSONValue = ObjectCache.withoutManagedFields
        ) -> CacheGroup {
            CacheGroup(type, [ObjectCache(client, type, selection, trimming: trimming)])
        }
        func namespaced(
            _ type: ResourceType, selects: Bool, trimming: @escaping @Sendable (JSONValue) -> JSONValue
        ) -> CacheGroup {
            guard !configuration.cachedNamespaces.isEmpty else { return group(type, trimming: trimming) }
            let caches = configuration.cachedNamespaces.sorted { $0.key < $1.key }.map { namespace, selection in
                ObjectCache(
                    client, type, namespace: namespace, selects ? selection.objectSelection : .all, trimming: trimming)
            }
            return CacheGroup(type, caches)
        }
        let reconciled = configuration.reconciled
        pods =
            reconciled.clusterSPIFFEIDs
            ? Pods(
                spiffeIDs: group(
                    .clusterSPIFFEIDs,
                    configuration.filtersByClassName
                        ? ObjectSelection(labels: "\(Self.classLabel)=\(configuration.classRule.className)") : .all),
                pods: namespaced(.pods, selects: true, trimming: Trimming.pod),
                nodes: group(.nodes, trimming: Trimming.node),
                namespaces: group(.namespaces, trimming: Trimming.namespace),
                endpoints: hasEndpointSlices
                    ? namespaced(.endpointSlices, selects: false, trimming: Trimming.endpointSlice)
                    : namespaced(.endpoints, selects: false, trimming: Trimming.endpoints)) : nil
        staticEntries = reconciled.clusterStaticEntries ? group(.clusterStaticEntries) : nil
        federatedTrustDomains =
            reconciled.clusterFederatedTrustDomains ? group(.clusterFederatedTrustDomains) : nil
    }

    var all: [CacheGroup] {
        (pods?.all ?? []) + [staticEntries, federatedTrustDomains].compactMap(\.self)
    }

    /// Keeps the copies until cancelled.
    func run(entries: Trigger, federation: Trigger) async throws {
        try await withThrowingTaskGroup { group in
            for cache in (pods?.all ?? []) + [staticEntries].compactMap(\.self) {
                group.addTask { try await cache.run { entries.pull() } }
            }
            if let federatedTrustDomains {
                group.addTask { try await federatedTrustDomains.run { federation.pull() } }
            }
            try await group.waitForAll()
        }
    }
}

extension ControllerConfiguration.Selection {
    fileprivate var objectSelection: ObjectSelection {
        ObjectSelection(
            labels: labelSelector.isEmpty ? nil : labelSelector, fields: fieldSelector.isEmpty ? nil : fieldSelector)
    }
}
