// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import SPIFFE
import SPIFFEWorkloadAPI
import Testing

/// Pods get identities from ClusterSPIFFEIDs, by processes from end to end.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ClusterIdentityTests {
    @Test("S25 S26 S27 S33: the tutorial's ClusterSPIFFEIDs give pods their identities and the other cluster's bundle")
    func tutorialsWorkloads() async throws {
        try await KubernetesDomain.with("cluster-1.test") { one, _ in
            try await KubernetesDomain.with("cluster-2.test") { two, processes in
                for (domain, partner, app) in [(one, two, "frontend-client"), (two, one, "backend-server")] {
                    try await domain.makeServiceAccount(app)
                    try await domain.federate(with: partner.deployment)
                    try await domain.applyClusterSPIFFEID(
                        app,
                        """
                        spiffeIDTemplate: "spiffe://\(domain.trustDomain)/ns/{{ .PodMeta.Namespace }}/sa/{{ .PodSpec.ServiceAccountName }}"
                        podSelector: {matchLabels: {app: \(app)}}
                        federatesWith: ["\(partner.trustDomain)"]
                        """)
                    try await domain.makePod("\(app)-1", account: app, labels: ["app": app])
                    try await domain.enterPod("\(app)-2", account: app, labels: ["app": app])

                    let path = "/ns/\(domain.namespace)/sa/\(app)"
                    let foreign = try TrustDomain(partner.trustDomain)
                    let context = try await domain.deployment.x509Context { context in
                        context.credential(path: path) != nil && context.bundles[foreign] != nil
                    }
                    #expect(context.credentials.map(\.id.path) == [path])

                    // One entry for each pod, below the agent that k8s_psat named by its node.
                    let node = try await domain.controller.kubectl(
                        "get", "node", domain.nodeName, "-o", "jsonpath={.metadata.uid}"
                    )
                    let shown = try await domain.entries(with: "Found 2 entries", "FederatesWith", partner.trustDomain)
                    let cluster = "k8s_psat/\(domain.controller.clusterName)"
                    let parent = "spiffe://\(domain.trustDomain)/spire/agent/\(cluster)/\(node)"
                    #expect(shown.split(separator: "\n").count { $0.contains(parent) } == 2)
                    #expect(shown.split(separator: "\n").count { $0.contains("k8s:pod-uid:") } == 2)

                    let status = try await domain.status(of: app, "both pods have entries") { status in
                        status["stats"]?["podsSelected"]?.number?.signed == 2
                            && status.condition("Ready")?["status"]?.string == "True"
                    }
                    #expect(status["stats"]?["entriesToSet"]?.number?.signed == 2)
                    #expect(status["stats"]?["entryFailures"]?.number?.signed == 0)
                    #expect(status.condition("Ready")?["reason"]?.string == "EntriesSet")
                }
                #expect(processes.agent.lines("Node attestation was successful").count == 1)
            }
        }
    }

    @Test("S59 S41: before a partner's bundle is there, workloads have their identity, and status says what is awaited")
    func identityComesBeforeThePartner() async throws {
        let partner = try Deployment("partner.test")
        try partner.writeServerConfiguration()
        let partnerServer = try await partner.startServer()
        try await KubernetesDomain.with("alpha.test") { domain, _ in
            try await domain.makeServiceAccount("web")
            try await domain.applyClusterSPIFFEID(
                "default",
                """
                spiffeIDTemplate: "spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}/sa/{{ .PodSpec.ServiceAccountName }}"
                podSelector: {matchLabels: {app: web}}
                federatesWith: [partner.test]
                """)
            try await domain.enterPod("web", account: "web", labels: ["app": "web"])
            let path = "/ns/\(domain.namespace)/sa/web"
            let alone = try await domain.deployment.x509Context { $0.credential(path: path) != nil }
            let foreign = try TrustDomain("partner.test")
            #expect(alone.bundles[foreign] == nil)

            // What to look at: the entry has the partner, the resource says that its bundle is awaited.
            try await domain.entries(with: "FederatesWith", "partner.test")
            let status = try await domain.status(of: "default", "the bundle is awaited") { status in
                status.condition("Ready")?["reason"]?.string == "BundleAwaited"
            }
            #expect(status.condition("Ready")?["message"]?.string?.contains("\"partner.test\"") == true)

            try await domain.federate(with: partner)
            _ = try await domain.deployment.x509Context { $0.bundles[foreign] != nil }
            try await domain.status(of: "default", "nothing is awaited") { status in
                status.condition("Ready")?["reason"]?.string == "EntriesSet"
            }
        }
        #expect(await partnerServer.stop() == 0)
    }

    @Test("S40: a ClusterSPIFFEID that makes no entries says why, and stops none of the others")
    func symptomsAreTold() async throws {
        try await KubernetesDomain.with("alpha.test") { domain, _ in
            try await domain.makeServiceAccount("web")
            let template = "spiffeIDTemplate: \"spiffe://{{ .TrustDomain }}/"
            try await domain.applyClusterSPIFFEID(
                "empty", template + "{{ .PodMeta.Name }}\"\npodSelector: {matchLabels: {app: nobody}}")
            try await domain.applyClusterSPIFFEID(
                "label", template + "{{ .PodMeta.Labels.tier }}\"\npodSelector: {matchLabels: {app: web}}")
            try await domain.applyClusterSPIFFEID(
                "foreign",
                "spiffeIDTemplate: \"spiffe://other.test/{{ .PodMeta.Name }}\"\npodSelector: {matchLabels: {app: web}}")
            try await domain.applyClusterSPIFFEID(
                "odd",
                template + "{{ index .PodMeta.Labels \\\"comity.test/a.b\\\" }}\"\n"
                    + "podSelector: {matchLabels: {app: web}}")
            try await domain.enterPod("web", account: "web", labels: ["app": "web", "comity.test/a.b": "x.y_z-1"])

            // A label with slash and dots in its key becomes a path all the same.
            _ = try await domain.deployment.x509Context { $0.credential(path: "/x.y_z-1") != nil }
            try await domain.entries(with: "Found 1 entry", "spiffe://alpha.test/x.y_z-1")
            for (name, reason, text) in [
                ("empty", "NothingSelected", "spec.podSelector selects no pod"),
                ("label", "TemplateFailed", "\(domain.namespace)/web"),
                ("foreign", "TemplateFailed", "other.test"), ("odd", "EntriesSet", ""),
            ] {
                let status = try await domain.status(of: name, reason) { status in
                    status.condition("Ready")?["reason"]?.string == reason
                }
                #expect(status.condition("Ready")?["message"]?.string?.contains(text) == true || text.isEmpty)
            }
        }
    }
}
