// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityResources
import SPIFFE
import Testing

@Suite struct PodSelectionTests {
    private static let template =
        "\"spiffeIDTemplate\": \"spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}/sa/{{ .PodSpec.ServiceAccountName }}\""

    private func select(
        _ resources: [ClusterSPIFFEID], _ cluster: ResourceFixture.Cluster, clusterDomain: String = "cluster.local"
    ) throws -> (declared: [DeclaredEntry], outcomes: [String: PodSelection.Outcome]) {
        var selection = PodSelection(try ResourceFixture.names(clusterDomain: clusterDomain)) { $0.hasPrefix("kube-") }
        _ = selection.use(resources)
        _ = selection.use(namespaces: cluster.namespaces)
        let declared = cluster.pods.flatMap { assign($0, in: cluster, &selection) }
        return (declared, selection.outcomes)
    }

    private func assign(
        _ pod: PodFacts, in cluster: ResourceFixture.Cluster, _ selection: inout PodSelection, isSame: Bool = false,
        reading: () -> Void = {}
    ) -> [DeclaredEntry] {
        selection.assign(
            pod.outline, on: cluster.nodes[pod.outline.nodeName],
            services: cluster.services[pod.outline.uid] ?? [], isSame: isSame
        ) {
            reading()
            return pod
        }
    }

    @Test("S26: one entry per pod, as the upstream controller makes it")
    func makesTheEntryOfAPod() throws {
        let resource = try ResourceFixture.clusterSPIFFEID(
            "backend",
            Self.template + """
                , "ttl": "1h30m", "jwtTtl": "300s", "federatesWith": ["two.test", "spiffe://three.test/x"], "hint": "h",
                "admin": true, "downstream": true, "podSelector": {"matchLabels": {"app": "web"}},
                "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "shop"}},
                "workloadSelectorTemplates": ["k8s:ns:{{ .PodMeta.Namespace }}"],
                "dnsNameTemplates": ["{{ .PodMeta.Name }}.pods", "{{ .PodMeta.Name }}.pods"], "autoPopulateDNSNames": true
                """)
        let cluster = try ResourceFixture.cluster(
            [try ResourceFixture.pod("web-1")], services: ["pod-web-1": ["z", "a"]])
        let selection = try select([resource], cluster)

        let entry = try #require(selection.declared.first?.entry)
        #expect(entry.spiffeID.uri == "spiffe://one.test/ns/shop/sa/web-sa")
        #expect(entry.parentID.uri == "spiffe://one.test/spire/agent/k8s_psat/east/uid-of-node-1")
        #expect(entry.selectors == [try Selector("k8s:pod-uid:pod-web-1"), try Selector("k8s:ns:shop")])
        #expect(entry.x509SVIDTTL == 5400)
        #expect(entry.jwtSVIDTTL == 300)
        #expect(entry.federatesWith == [try TrustDomain("two.test"), try TrustDomain("three.test")])
        #expect(entry.isAdmin && entry.isDownstream)
        #expect(entry.hint == "h")
        #expect(
            entry.dnsNames == [
                "web-1.pods", "a", "a.shop", "a.shop.svc", "a.shop.svc.cluster.local", "z", "z.shop", "z.shop.svc",
                "z.shop.svc.cluster.local",
            ])
        #expect(selection.declared.first?.owner.name == "backend")
    }

    @Test func withoutClusterDomainThereAreNoFullNames() throws {
        let resource = try ResourceFixture.clusterSPIFFEID("a", Self.template + ", \"autoPopulateDNSNames\": true")
        let cluster = try ResourceFixture.cluster([try ResourceFixture.pod("p")], services: ["pod-p": ["s"]])
        let selection = try select([resource], cluster, clusterDomain: "")
        #expect(selection.declared.first?.entry.dnsNames == ["s", "s.shop", "s.shop.svc"])
    }

    @Test("S40, §1.14 pod not scheduled, label missing: what becomes of each pod is counted and told")
    func tellsWhatBecameOfThePods() throws {
        let resource = try ResourceFixture.clusterSPIFFEID(
            "a", "\"spiffeIDTemplate\": \"spiffe://{{ .TrustDomain }}/{{ .PodMeta.Labels.role }}\"")
        var cluster = try ResourceFixture.cluster([
            try ResourceFixture.pod("good", labels: "\"role\": \"r\""), try ResourceFixture.pod("none"),
            try ResourceFixture.pod("done", phase: "Succeeded"), try ResourceFixture.pod("waiting", node: nil),
            try ResourceFixture.pod("lost", labels: "\"role\": \"r\"", node: "gone"),
            try ResourceFixture.pod("system", namespace: "kube-system"),
        ])
        cluster.namespaces["kube-system"] = [:]
        let outcome = try #require(try select([resource], cluster).outcomes["a"])
        #expect(outcome.namespacesSelected == 2)
        #expect(outcome.namespacesIgnored == 1)
        #expect(outcome.podsSelected == 5)
        #expect(outcome.podsFinished == 1)
        #expect(outcome.podsUnscheduled == 1)
        #expect(outcome.renderFailures == 2)
        #expect(outcome.firstFailures.map(\.pod) == ["shop/lost", "shop/none"])
        #expect(outcome.firstFailures.first?.reason == "node \"gone\" is not known")
    }

    @Test(
        "§1.14 CSID renders foreign TD or invalid ID: the pod's failure says which and why",
        arguments: [
            ("spiffe://two.test/x", "expected trust domain \"one.test\" but got \"two.test\""),
            ("{{ .PodMeta.Labels.none }}", "<no value>"), ("spiffe://one.test/a b", "path"),
            ("spiffe://{{ .TrustDomain }}/{{ index .PodMeta.Labels \\\"none\\\" }}", ""),
            ("{{ .PodMeta.namespace }}", "can't evaluate field namespace"),
            ("{{ .Nothing }}", "can't evaluate field Nothing"),
        ])
    func refusesWhatIsNoIDOfTheTrustDomain(template: String, reason: String) throws {
        let resource = try ResourceFixture.clusterSPIFFEID("a", "\"spiffeIDTemplate\": \"\(template)\"")
        let selection = try select([resource], try ResourceFixture.cluster([try ResourceFixture.pod("p")]))
        #expect(selection.declared.isEmpty)
        let failure = try #require(selection.outcomes["a"]?.firstFailures.first)
        #expect(failure.reason.contains(reason), "\(failure.reason)")
    }

    @Test func aFallbackServesThoseWhomNobodyElseServes() throws {
        let web = try ResourceFixture.clusterSPIFFEID(
            "web", Self.template + ", \"podSelector\": {\"matchLabels\": {\"app\": \"web\"}}")
        let broken = try ResourceFixture.clusterSPIFFEID(
            "broken",
            "\"spiffeIDTemplate\": \"{{ .Nope }}\", \"podSelector\": {\"matchLabels\": {\"app\": \"broken\"}}")
        let fallback = try ResourceFixture.clusterSPIFFEID("fallback", Self.template + ", \"fallback\": true")
        let cluster = try ResourceFixture.cluster([
            try ResourceFixture.pod("served"), try ResourceFixture.pod("other", labels: "\"app\": \"other\""),
            try ResourceFixture.pod("failed", labels: "\"app\": \"broken\""),
        ])
        let selection = try select([fallback, web, broken], cluster)
        let owners = selection.declared.map { declared in
            "\(declared.owner.name) \(declared.entry.selectors.first?.value ?? "")"
        }
        #expect(owners == ["web pod-uid:pod-served", "fallback pod-uid:pod-other", "fallback pod-uid:pod-failed"])
    }

    @Test("a pod that did not change is not rendered again, except for the resource that did")
    func rendersOnlyWhatChanged() throws {
        let cluster = try ResourceFixture.cluster([try ResourceFixture.pod("web-1")])
        var selection = PodSelection(try ResourceFixture.names())
        let first = try ResourceFixture.clusterSPIFFEID("a", Self.template)
        _ = selection.use(namespaces: cluster.namespaces)
        let isNew = selection.use([first])
        #expect(isNew)
        var readings = 0
        func assign(isSame: Bool) -> [String] {
            self.assign(cluster.pods[0], in: cluster, &selection, isSame: isSame) { readings += 1 }.map(\.owner.name)
        }
        let declared = assign(isSame: false)
        #expect(declared == ["a"])
        let isNewAgain = selection.use([first])
        #expect(!isNewAgain)
        let again = assign(isSame: true)
        #expect(again == ["a"])
        #expect(readings == 1)
        _ = selection.use([first, try ResourceFixture.clusterSPIFFEID("b", Self.template)])
        let both = assign(isSame: true)
        #expect(both == ["a", "b"])
        #expect(readings == 2)
        #expect(selection.outcomes["a"]?.podsSelected == 1)
        selection.forget("pod-web-1")
        #expect(selection.outcomes["a"]?.podsSelected == 0)
    }

    @Test("a pod of which something cannot be rendered is undecided until it can, or is gone")
    func knowsTheUndecided() throws {
        let cluster = try ResourceFixture.cluster([try ResourceFixture.pod("web-1")])
        var selection = PodSelection(try ResourceFixture.names())
        _ = selection.use(namespaces: cluster.namespaces)
        _ = selection.use([try ResourceFixture.clusterSPIFFEID("a", "\"spiffeIDTemplate\": \"{{ .Nope }}\"")])
        _ = assign(cluster.pods[0], in: cluster, &selection)
        #expect(selection.undecidedPods == ["pod-web-1"])
        _ = selection.use([])
        _ = assign(cluster.pods[0], in: cluster, &selection)
        #expect(selection.undecidedPods == [])
    }

    @Test(
        arguments: [
            ("{\"matchExpressions\": [{\"key\": \"app\", \"operator\": \"In\", \"values\": [\"web\", \"x\"]}]}", true),
            ("{\"matchExpressions\": [{\"key\": \"app\", \"operator\": \"NotIn\", \"values\": [\"web\"]}]}", false),
            ("{\"matchExpressions\": [{\"key\": \"none\", \"operator\": \"NotIn\", \"values\": [\"web\"]}]}", true),
            ("{\"matchExpressions\": [{\"key\": \"app\", \"operator\": \"Exists\"}]}", true),
            ("{\"matchExpressions\": [{\"key\": \"app\", \"operator\": \"DoesNotExist\"}]}", false),
            ("{\"matchLabels\": {\"app\": \"web\", \"tier\": \"x\"}}", false), ("{}", true), ("null", true),
        ])
    func selectsByLabels(selector: String, matches: Bool) throws {
        let selector = try LabelSelector(json: try ResourceFixture.json(selector), at: "spec.podSelector")
        #expect(selector.matches(["app": "web"]) == matches)
    }
}
