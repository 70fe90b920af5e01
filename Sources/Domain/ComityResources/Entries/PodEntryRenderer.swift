// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
import ComityTemplates
import SPIFFE

/// Makes the registration entry that a ClusterSPIFFEID means for a pod.
package struct PodEntryRenderer: Sendable {
    private static let data = TemplateType(
        "spirev1alpha1.TemplateData",
        [
            "trustDomain": .string, "clusterName": .string, "clusterDomain": .string,
            "podMeta": .optional(.record(.objectMeta)), "podSpec": .optional(.record(.podSpec)),
            "nodeMeta": .record(.objectMeta), "nodeSpec": .record(.nodeSpec),
        ])

    private let names: ClusterNames

    package init(_ names: ClusterNames) {
        self.names = names
    }

    /// - Parameters:
    ///   - node: The one that the pod runs on.
    ///   - services: Names of the services that the pod backs.
    /// - Throws: ``ResourceError`` with code `template`, `trustDomain` or `invalid`.
    package func entry(
        for pod: PodFacts, on node: NodeFacts, as resource: ClusterSPIFFEID, services: Set<String>
    ) throws(ResourceError) -> Entry {
        let nodeOnly = data(pod: nil, node)
        let all = data(pod: pod, node)
        var selectors: Set<Selector> = [try Self.selector("k8s:pod-uid:\(pod.outline.uid)")]
        for template in resource.workloadSelectorTemplates {
            selectors.insert(try Self.selector(try Self.render(template, all)))
        }
        var entry = Entry(
            spiffeID: try id(resource.spiffeIDTemplate, all), parentID: try id(names.parentIDTemplate, nodeOnly),
            selectors: selectors)
        entry.x509SVIDTTL = resource.x509SVIDTTL
        entry.jwtSVIDTTL = resource.jwtSVIDTTL
        entry.federatesWith = resource.federatesWith
        entry.isAdmin = resource.isAdmin
        entry.isDownstream = resource.isDownstream
        entry.hint = resource.hint
        entry.dnsNames = try dnsNames(of: resource, all)
        if resource.addsServiceNames {
            for name in serviceNames(services, in: pod.outline.namespace) where !entry.dnsNames.contains(name) {
                entry.dnsNames.append(name)
            }
        }
        return entry
    }

    // MARK: - Parts

    private func id(_ template: GoTemplate, _ data: TemplateValue) throws(ResourceError) -> SPIFFEID {
        let text = try Self.render(template, data)
        let id: SPIFFEID
        do throws(SPIFFEError) {
            id = try SPIFFEID(text)
        } catch {
            throw ResourceError(.template, "\"\(text.prefix(256))\" is no SPIFFE ID: \(error)")
        }
        guard id.trustDomain == names.trustDomain else {
            throw ResourceError(
                .trustDomain,
                "expected trust domain \"\(names.trustDomain)\" but got \"\(id.trustDomain)\" in \"\(id)\"")
        }
        return id
    }

    private func dnsNames(
        of resource: ClusterSPIFFEID, _ data: TemplateValue
    ) throws(ResourceError) -> [String] {
        var names: [String] = []
        for template in resource.dnsNameTemplates {
            let name = try Self.render(template, data)
            do throws(RegistryError) {
                _ = try DNSName(name)
            } catch {
                throw ResourceError(.template, "DNS name \"\(name)\" cannot be used: \(error.message)")
            }
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    private func serviceNames(_ services: Set<String>, in namespace: String) -> [String] {
        services.sorted().flatMap { service in
            let name = "\(service).\(namespace)"
            let full = names.clusterDomain.isEmpty ? [] : ["\(name).svc.\(names.clusterDomain)"]
            return [service, name, "\(name).svc"] + full
        }
    }

    private func data(pod: PodFacts?, _ node: NodeFacts) -> TemplateValue {
        .record(
            TemplateRecord(
                Self.data,
                [
                    "TrustDomain": .string(names.trustDomain.name), "ClusterName": .string(names.clusterName),
                    "ClusterDomain": .string(names.clusterDomain),
                    "PodMeta": pod.map { .record($0.metadata) } ?? .null,
                    "PodSpec": pod.map { .record($0.spec) } ?? .null,
                    "NodeMeta": .record(node.metadata), "NodeSpec": .record(node.spec),
                ]))
    }

    private static func render(_ template: GoTemplate, _ data: TemplateValue) throws(ResourceError) -> String {
        do throws(TemplateError) {
            return try template.render(data)
        } catch {
            throw ResourceError(.template, error.message)
        }
    }

    private static func selector(_ text: String) throws(ResourceError) -> Selector {
        do throws(RegistryError) {
            return try Selector(text)
        } catch {
            throw ResourceError(.template, "selector \"\(text)\" cannot be used: \(error.message)")
        }
    }
}
