// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import ComityResources
import ComityTelemetry
import FoundationEssentials
import Logging
import SPIFFE

/// A cluster as the source of federation.
struct ClusterFederation: FederationDeclarations {
    let client: KubernetesClient
    let group: CacheGroup
    let rule: ClassRule
    /// The server's.
    let trustDomain: TrustDomain

    func read() async -> FederationReading {
        var reading = FederationReading()
        reading.hasReadAll = group.isComplete
        if !group.isComplete, let failure = group.error {
            reading.problems.append(
                Problem(
                    .warning, "Objects of the cluster cannot be read",
                    [.object: group.type.plural, .error: failure]))
        }
        for object in group.objects {
            reading.take(
                object, name: object["metadata"]?["name"]?.string ?? "", rule, ownTrustDomain: trustDomain)
        }
        for (index, item) in reading.items.enumerated() {
            guard case .usable(let resource) = item.content, let reference = resource.bundleReference else { continue }
            do throws(ResourceError) {
                reading.items[index].content = .usable(try await resource.taking(bundle: text(reference)))
            } catch {
                reading.items[index].content = .refused(error)
                reading.unreadable.insert(resource.trustDomain)
            }
        }
        return reading
    }

    /// - Throws: ``ResourceError`` with code `invalid` when there is no such text, or it cannot be read now.
    private func text(_ reference: BundleReference) async throws(ResourceError) -> String {
        let object: JSONValue
        do throws(KubernetesError) {
            let type: ResourceType = reference.kind == .secret ? .secrets : .configMaps
            object = try await client.get(type, reference.name, namespace: reference.namespace)
        } catch {
            throw ResourceError(.invalid, "\(reference) cannot be read: \(error.message)")
        }
        if reference.kind == .configMap, let text = object["data"]?[reference.key]?.string { return text }
        let encoded = object[reference.kind == .secret ? "data" : "binaryData"]?[reference.key]?.string
        guard let encoded else { throw ResourceError(.invalid, "\(reference) is not there") }
        guard let bytes = Data(base64Encoded: encoded), let text = String(validating: bytes, as: UTF8.self) else {
            throw ResourceError(.invalid, "\(reference) is no text")
        }
        return text
    }
}
