// SPDX-License-Identifier: Apache-2.0

import ComityConfiguration
import ComityResources
import ComityTelemetry
import SPIFFE
import Testing

@testable import ComityController

@Suite struct ControllerConfigurationTests {
    private static let head = """
        apiVersion: spire.spiffe.io/v1alpha1
        kind: ControllerManagerConfig

        """
    private static let least = head + "clusterName: demo\ntrustDomain: example.org\n"

    private func read(
        _ text: String, _ flags: ControllerFlags = ControllerFlags()
    ) throws -> LoadedConfiguration<ControllerConfiguration> {
        try ControllerConfiguration.read(ConfigurationFile(name: "config.yaml", text: text), flags)
    }

    private func configuration(_ text: String) throws -> ControllerConfiguration {
        try read(Self.least + text).configuration
    }

    @Test("§1.4: the defaults of the upstream controller")
    func defaults() throws {
        let loaded = try read(Self.least)
        let configuration = loaded.configuration
        #expect(loaded.warnings.isEmpty)
        #expect(configuration.clusterName == "demo")
        #expect(configuration.trustDomain.name == "example.org")
        #expect(configuration.clusterDomain == nil)
        #expect(configuration.ignoreNamespaces.map(\.description) == ["kube-system", "kube-public", "spire-system"])
        #expect(configuration.gcInterval == .seconds(10))
        #expect(configuration.serverSocketPath == "/spire-server/api.sock")
        #expect(configuration.logLevel == .info)
        #expect(configuration.logFormat == .standard)
        #expect(configuration.classRule == ClassRule())
        #expect(configuration.parentIDTemplate == ClusterNames.standardParentIDTemplate)
        #expect(configuration.reconciled.clusterSPIFFEIDs)
        #expect(configuration.reconciled.clusterFederatedTrustDomains)
        #expect(configuration.reconciled.clusterStaticEntries)
        #expect(configuration.entryIDPrefix == "")
        #expect(configuration.entryIDPrefixCleanup == nil)
        #expect(configuration.metrics?.port == 8080)
        #expect(configuration.health == nil)
        #expect(configuration.readinessPath == "/readyz")
        #expect(configuration.livenessPath == "/healthz")
        #expect(!configuration.leaderElection.isOn)
        #expect(configuration.leaderElection.leaseDuration == .seconds(15))
        #expect(!configuration.deletesForeign)
        #expect(configuration.maximumDeletedShare == 0.5)
        #expect(configuration.owner == "demo/")
    }

    @Test("the file that the chart writes is read as it is")
    func readsTheChartsFile() throws {
        let loaded = try read(
            Self.head + """
                metadata:
                  name: spire-controller-manager
                  namespace: spire-server
                  labels: {app: x}
                metrics:
                  bindAddress: 0.0.0.0:8082
                health:
                  healthProbeBindAddress: 0.0.0.0:8083
                leaderElection:
                  leaderElect: true
                  resourceName: demo.spiffe.io
                  resourceNamespace: spire-server
                validatingWebhookConfigurationName: spire-server-spire-controller-manager-webhook
                entryIDPrefix: demo
                clusterName: demo
                trustDomain: example.org
                ignoreNamespaces: [kube-system, "openshift-*", local-path-storage]
                spireServerSocketPath: "/tmp/spire-server/private/api.sock"
                className: "spire-server-spire"
                watchClassless: false
                filterByClassName: true
                parentIDTemplate: "spiffe://{{ .TrustDomain }}/spire/agent/k8s_psat/{{ .ClusterName }}/{{ .NodeMeta.UID }}"
                reconcile:
                  clusterSPIFFEIDs: true
                  clusterStaticEntries: true
                  clusterFederatedTrustDomains: true
                gcInterval: 10000000000
                """)
        let configuration = loaded.configuration
        #expect(configuration.entryIDPrefix == "demo.")
        #expect(configuration.leaderElection.name == "demo.spiffe.io")
        #expect(configuration.metrics?.port == 8082)
        #expect(configuration.health?.port == 8083)
        #expect(configuration.filtersByClassName)
        #expect(configuration.owner == "demo/spire-server-spire")
        #expect(loaded.warnings.map(\.message).allSatisfy { $0.contains("there is no webhook") })
    }

    @Test("all faults are told at once, each with its key")
    func tellsAllFaultsAtOnce() throws {
        let error = #expect(throws: ConfigurationFaults.self) {
            try read(
                Self.head + """
                    trustDomain: "A B"
                    logLevel: loud
                    ignoreNamespaces: ["(", 5]
                    entryIDPrefix: a
                    entryIDPrefixCleanup: "a."
                    maximumDeletedShare: 2
                    metrics: {bindAddress: nowhere}
                    className: [x]
                    """)
        }
        let text = try #require(error).description
        for key in [
            "clusterName is missing", "trustDomain is no trust domain", "logLevel", "ignoreNamespaces",
            "entryIDPrefixCleanup", "maximumDeletedShare", "bindAddress", "className must be text, not array",
        ] { #expect(text.contains(key), "\(key) in \(text)") }
        #expect(text.split(separator: "\n").allSatisfy { $0.hasPrefix("config.yaml: ") || $0.contains("hint:") })
    }

    @Test func refusesABrokenTemplate() {
        let error = #expect(throws: ConfigurationFaults.self) { try configuration("parentIDTemplate: '{{'") }
        #expect(error?.description.contains("parentIDTemplate") == true)
    }

    @Test("an unknown key is passed over with the nearest name; one that does nothing says why")
    func warnsOfWhatDoesNothing() throws {
        let warnings = try read(
            Self.least + "clasName: x\nhealth: {readinessEndpoint: a}\nsyncPeriod: 1h\ngracefulShutDown: 5s\n"
        ).warnings
        #expect(
            warnings.map(\.message).sorted().map { $0.split(separator: " ")[0] } == [
                "clasName", "gracefulShutDown", "health.readinessEndpoint", "syncPeriod",
            ])
        #expect(warnings.first { $0.message.hasPrefix("clasName") }?.cure == "did you mean className?")
    }

    @Test(arguments: [
        ("gcInterval: 5000000000", Duration.seconds(5)), ("gcInterval: 1m30s", .seconds(90)),
        ("gcInterval: 0", .seconds(10)), ("gcInterval: -5", .seconds(10)),
    ])
    func readsTheInterval(text: String, interval: Duration) throws {
        #expect(try configuration(text).gcInterval == interval)
    }

    @Test(arguments: [
        ("kube-system", "my-kube-system-2", true), ("^kube-system$", "my-kube-system", false),
        ("openshift-*", "openshift-monitoring", true), ("openshift-*", "openshif", false),
        ("^openshift-*", "open", false),
    ])
    func ignoresNamespacesByUnanchoredExpressions(pattern: String, name: String, isIgnored: Bool) throws {
        let patterns = try configuration("ignoreNamespaces: ['\(pattern)']").ignoreNamespaces
        #expect(patterns.contains { $0.matches(name) } == isIgnored)
    }

    @Test("reconcile: a block that leaves a kind out turns it off")
    func readsWhatIsReconciled() throws {
        let reconciled = try configuration("reconcile: {clusterStaticEntries: true}").reconciled
        #expect(!reconciled.clusterSPIFFEIDs)
        #expect(!reconciled.clusterFederatedTrustDomains)
        #expect(reconciled.clusterStaticEntries)
    }

    @Test("§1.12: what static manifests exclude")
    func checksStaticMode() throws {
        let configuration = try configuration("staticManifestPath: /m\nclassName: x")
        #expect(!configuration.reconciled.clusterSPIFFEIDs)
        #expect(configuration.owner == "demo")
        let error = #expect(throws: ConfigurationFaults.self) {
            try read(
                Self.least + "staticManifestPath: /m\nreconcile: {clusterSPIFFEIDs: true}\n"
                    + "leaderElection: {leaderElect: true, resourceName: x}")
        }
        #expect(error?.faults.count == 2)
    }

    @Test(arguments: [
        ("[]", "must hold one object"), ("apiVersion: v1\nkind: Secret", "must begin with"), ("a: [", ""),
        (least + "---\n" + least, "must hold one object"),
    ])
    func refusesWhatIsNoConfiguration(text: String, message: String) {
        let error = #expect(throws: ConfigurationFaults.self) { try read(text) }
        #expect(error?.description.contains(message) == true)
    }

    @Test("the flags for the log win over the file, the one for the socket loses to it")
    func laysFlagsOver() throws {
        var flags = ControllerFlags()
        flags.logLevel = .error
        flags.logFormat = .json
        flags.serverSocketPath = "/flag.sock"
        flags.isDryRun = true
        let configuration = try read(Self.least + "logLevel: debug\n", flags).configuration
        #expect(configuration.logLevel == .error)
        #expect(configuration.logFormat == .json)
        #expect(configuration.serverSocketPath == "/flag.sock")
        #expect(configuration.isDryRun)
        let named = try read(Self.least + "spireServerSocketPath: /file.sock\n", flags).configuration
        #expect(named.serverSocketPath == "/file.sock")
    }

    @Test(arguments: [
        (":8080", 8080, true), ("127.0.0.1:0", 0, true), ("[::1]:9", 9, true), ("host", 0, false), ("::1:9", 0, false),
        (":99999", 0, false),
    ])
    func readsAddresses(text: String, port: Int, isGood: Bool) {
        let address = BindAddress(text)
        #expect((address != nil) == isGood)
        if let address { #expect(address.port == port) }
    }

    @Test("cacheNamespaces: selectors by namespace; the old single name is taken with a warning")
    func readsNamespaces() throws {
        let configuration = try configuration(
            "cacheNamespaces:\n  web: {labelSelectors: {app: web}, fieldSelectors: {metadata.name: x}}\n  db:\n")
        #expect(configuration.cachedNamespaces["web"]?.labelSelector == "app=web")
        #expect(configuration.cachedNamespaces["web"]?.fieldSelector == "metadata.name=x")
        #expect(configuration.cachedNamespaces["db"] == .init())
        let old = try read(Self.least + "cacheNamespace: web\n")
        #expect(old.configuration.cachedNamespaces.keys.sorted() == ["web"])
        #expect(old.warnings.count == 1)
    }
}
