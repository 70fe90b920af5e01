// SPDX-License-Identifier: Apache-2.0

import ComityResources
import ComityTelemetry
import SPIFFE

/// Makes a configuration of the members of its file.
struct ControllerConfigurationReader {
    private static let known: Set = [
        "apiVersion", "kind", "metadata", "clusterName", "trustDomain", "clusterDomain", "ignoreNamespaces",
        "validatingWebhookConfigurationName", "gcInterval", "spireServerSocketPath", "logLevel", "logEncoding", "grpc",
        "className", "watchClassless", "parentIDTemplate", "reconcile", "entryIDPrefix", "entryIDPrefixCleanup",
        "staticManifestPath", "expandEnvStaticManifests", "enableEntryRenderCache", "entryRenderCacheSize",
        "filterByClassName", "cacheNamespaces", "cacheNamespace", "syncPeriod", "leaderElection", "metrics", "health",
        "controller", "webhook", "gracefulShutDown", "deletesForeign", "maximumDeletedShare", "allowMassDeletion",
        "ownershipPath", "dryRun",
    ]
    private static let standardNamespaces = ["kube-system", "kube-public", "spire-system"]
    private static let standardSocketPath = "/spire-server/api.sock"
    private static let standardInterval = Duration.seconds(10)
    private static let maximumPatterns = 256

    private let root: ConfigurationMapping
    private let isStatic: Bool

    init(_ members: JSONObject, _ faults: FaultList) {
        root = ConfigurationMapping(members, known: Self.known, faults)
        isStatic = members["staticManifestPath"]?.string.map { !$0.isEmpty } ?? false
    }

    /// `nil` when something is missing without which there is no configuration; the faults say what.
    func read(_ flags: ControllerFlags) -> ControllerConfiguration? {
        warnOfUnused()
        let (clusterName, trustDomain) = (requiredText("clusterName"), trustDomain)
        let template = parentIDTemplate(trustDomain)
        let (health, metrics) = (servedHealth, servedMetrics)
        let prefixes = prefixes
        let (patterns, reconciled, election) = (ignoreNamespaces, reconciled, leaderElection)
        let (namespaces, share, log) = (cachedNamespaces, maximumDeletedShare, log(flags))
        let rule = ClassRule(
            className: root.text("className") ?? "", watchesClassless: root.flag("watchClassless") ?? false)
        let (domain, socket, folder) = (
            nonEmpty("clusterDomain"), nonEmpty("spireServerSocketPath"), nonEmpty("staticManifestPath")
        )
        let (expands, filters) = (flag("expandEnvStaticManifests"), flag("filterByClassName"))
        let (deletesForeign, allowsMass, isDry) = (flag("deletesForeign"), flag("allowMassDeletion"), flag("dryRun"))
        let ownershipPath = nonEmpty("ownershipPath")
        // Everything was read by now, so that the faults are all there are.
        guard let clusterName, let trustDomain else { return nil }
        return ControllerConfiguration(
            clusterName: clusterName, trustDomain: trustDomain, clusterDomain: domain, ignoreNamespaces: patterns,
            classRule: rule, parentIDTemplate: template, reconciled: reconciled,
            serverSocketPath: socket
                ?? (flags.serverSocketPath.isEmpty ? Self.standardSocketPath : flags.serverSocketPath),
            gcInterval: gcInterval, logLevel: log.level, logFormat: log.format, entryIDPrefix: prefixes.prefix,
            entryIDPrefixCleanup: prefixes.cleanup, staticManifestPath: folder, expandsStaticManifests: expands,
            filtersByClassName: filters, cachedNamespaces: namespaces,
            leaderElection: election, metrics: metrics, health: health.address, readinessPath: health.readiness,
            livenessPath: health.liveness, deletesForeign: deletesForeign, maximumDeletedShare: share,
            allowsMassDeletion: flags.allowsMassDeletion || allowsMass, ownershipPath: ownershipPath,
            isDryRun: flags.isDryRun || isDry)
    }

    // MARK: - Who and where

    private func requiredText(_ name: String) -> String? {
        guard let text = nonEmpty(name) else {
            root.error(name, "is missing")
            return nil
        }
        return text
    }

    private func flag(_ name: String) -> Bool { root.flag(name) ?? false }

    private func nonEmpty(_ name: String) -> String? {
        root.text(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    private var trustDomain: TrustDomain? {
        guard let text = requiredText("trustDomain") else { return nil }
        do throws(SPIFFEError) {
            return try TrustDomain(nameOrID: text)
        } catch {
            root.error("trustDomain", "is no trust domain: \(error)")
            return nil
        }
    }

    private func parentIDTemplate(_ trustDomain: TrustDomain?) -> String {
        let text = nonEmpty("parentIDTemplate") ?? ClusterNames.standardParentIDTemplate
        guard let trustDomain else { return text }
        do throws(ResourceError) {
            _ = try ClusterNames(trustDomain: trustDomain, clusterName: "", parentIDTemplate: text)
        } catch {
            root.error("parentIDTemplate", "cannot be used: \(error)")
        }
        return text
    }

    private var ignoreNamespaces: [NamespacePattern] {
        let texts = root.texts("ignoreNamespaces") ?? Self.standardNamespaces
        guard texts.count <= Self.maximumPatterns else {
            root.error("ignoreNamespaces", "has \(texts.count) patterns: at most \(Self.maximumPatterns) are read")
            return []
        }
        return texts.enumerated().compactMap { index, text in
            let name = "ignoreNamespaces[\(index)]"
            guard text.utf8.count <= NamespacePattern.maximumLength else {
                root.error(name, "is longer than \(NamespacePattern.maximumLength) bytes")
                return nil
            }
            do {
                return try NamespacePattern(text)
            } catch {
                root.error(
                    name, "is no regular expression: \(text.quoted)",
                    cure: "write .* for any text, and a backslash before special characters")
                return nil
            }
        }
    }

    // MARK: - What is done

    private var gcInterval: Duration {
        let interval = root.duration("gcInterval") ?? .zero
        return interval > .zero ? interval : Self.standardInterval
    }

    private var reconciled: ControllerConfiguration.Reconciled {
        let names: Set = ["clusterSPIFFEIDs", "clusterFederatedTrustDomains", "clusterStaticEntries"]
        let block = root.mapping("reconcile", known: names)
        if isStatic, block?.flag("clusterSPIFFEIDs") ?? false {
            root.error(
                "reconcile.clusterSPIFFEIDs", "must not be true with staticManifestPath: there are no pods to select")
        }
        func flag(_ name: String) -> Bool { block.map { $0.flag(name) ?? false } ?? true }
        return .init(
            clusterSPIFFEIDs: !isStatic && flag("clusterSPIFFEIDs"),
            clusterFederatedTrustDomains: flag("clusterFederatedTrustDomains"),
            clusterStaticEntries: flag("clusterStaticEntries"))
    }

    private var prefixes: (prefix: String, cleanup: String?) {
        let (prefix, cleanup) = (root.text("entryIDPrefix") ?? "", root.text("entryIDPrefixCleanup"))
        func dotted(_ text: String) -> String { text.isEmpty || text.hasSuffix(".") ? text : text + "." }
        if let cleanup, dotted(cleanup) == dotted(prefix) {
            root.error("entryIDPrefixCleanup", "must differ from entryIDPrefix, whose entries are kept")
        }
        return (dotted(prefix), cleanup.map(dotted))
    }

    private var cachedNamespaces: [String: ControllerConfiguration.Selection] {
        let known: Set = ["labelSelectors", "fieldSelectors"]
        var namespaces: [String: ControllerConfiguration.Selection] = [:]
        for (name, mapping) in root.mappings("cacheNamespaces", known: known) {
            var selection = ControllerConfiguration.Selection()
            func joined(_ key: String) -> String {
                mapping.pairs(key).map { "\($0)=\($1)" }.joined(separator: ",")
            }
            selection.labelSelector = joined("labelSelectors")
            selection.fieldSelector = joined("fieldSelectors")
            namespaces[name] = selection
        }
        if let single = nonEmpty("cacheNamespace") {
            root.warning("cacheNamespace", "is an old name: use cacheNamespaces")
            if !namespaces.isEmpty { root.error("cacheNamespace", "must not be set beside cacheNamespaces") }
            namespaces[single] = .init()
        }
        return namespaces
    }

    private var maximumDeletedShare: Double {
        let share = root.number("maximumDeletedShare") ?? 0.5
        guard (0...1).contains(share) else {
            root.error("maximumDeletedShare", "is \(share): must be from 0 to 1")
            return 0.5
        }
        return share
    }

    private var leaderElection: ControllerConfiguration.LeaderElection {
        let names: Set = [
            "leaderElect", "resourceLock", "resourceNamespace", "resourceName", "leaseDuration", "renewDeadline",
            "retryPeriod", "leaderElectionReleaseOnCancel",
        ]
        var election = ControllerConfiguration.LeaderElection()
        guard let block = root.mapping("leaderElection", known: names) else { return election }
        election.isOn = block.flag("leaderElect") ?? false
        election.namespace = block.text("resourceNamespace") ?? ""
        election.name = block.text("resourceName") ?? ""
        election.leaseDuration = block.duration("leaseDuration") ?? election.leaseDuration
        election.renewDeadline = block.duration("renewDeadline") ?? election.renewDeadline
        election.retryPeriod = block.duration("retryPeriod") ?? election.retryPeriod
        guard election.isOn else { return election }
        if isStatic { block.error("leaderElect", "must not be true with staticManifestPath: there is no cluster") }
        if election.name.isEmpty { block.error("resourceName", "is missing: it names the lease") }
        if let lock = block.text("resourceLock"), lock != "leases" {
            block.error("resourceLock", "is \(lock.quoted): must be leases")
        }
        if !(election.retryPeriod > .zero && election.retryPeriod < election.renewDeadline
            && election.renewDeadline < election.leaseDuration)
        {
            block.error("leaseDuration", "must be longer than renewDeadline, and that longer than retryPeriod")
        }
        return election
    }

    // MARK: - What is told

    private func log(_ flags: ControllerFlags) -> (level: LogLevel, format: LogFormat) {
        let levels: [String: LogLevel] = ["debug": .debug, "info": .info, "warn": .warning, "error": .error]
        let encodings: [String: LogFormat] = ["console": .standard, "json": .json]
        let (level, encoding) = (nonEmpty("logLevel") ?? "info", nonEmpty("logEncoding") ?? "console")
        if levels[level] == nil { root.error("logLevel", "is \(level.quoted): must be debug, info, warn or error") }
        if encodings[encoding] == nil { root.error("logEncoding", "is \(encoding.quoted): must be console or json") }
        return (flags.logLevel ?? levels[level] ?? .info, flags.logFormat ?? encodings[encoding] ?? .standard)
    }

    private var servedMetrics: BindAddress? {
        let block = root.mapping("metrics", known: ["bindAddress"])
        return address(block, "bindAddress", otherwise: ":8080")
    }

    private var servedHealth: (address: BindAddress?, readiness: String, liveness: String) {
        let names: Set = ["healthProbeBindAddress", "readinessEndpointName", "livenessEndpointName"]
        let block = root.mapping("health", known: names)
        func path(_ key: String, _ standard: String) -> String {
            let name = block?.text(key) ?? ""
            return name.isEmpty ? standard : name.hasPrefix("/") ? name : "/" + name
        }
        let paths = (path("readinessEndpointName", "/readyz"), path("livenessEndpointName", "/healthz"))
        if paths.0 == paths.1 { block?.error("readinessEndpointName", "must differ from livenessEndpointName") }
        return (address(block, "healthProbeBindAddress", otherwise: "0"), paths.0, paths.1)
    }

    /// `nil` for "0", which turns it off.
    private func address(_ block: ConfigurationMapping?, _ name: String, otherwise: String) -> BindAddress? {
        let text = block?.text(name) ?? ""
        let used = text.isEmpty ? otherwise : text
        guard used != "0" else { return nil }
        let address = BindAddress(used)
        if address == nil { block?.error(name, "is \(used.quoted): must be host:port, or \"0\" for none") }
        return address
    }

    private func warnOfUnused() {
        root.warnOfUnused([
            "validatingWebhookConfigurationName": "there is no webhook; the schemas of the resources check them",
            "webhook": "there is no webhook; the schemas of the resources check them",
            "gracefulShutDown": "the controller ends as soon as what it has begun is done",
            "syncPeriod": "watches are resumed, and everything is listed again when one breaks",
            "enableEntryRenderCache": "what was rendered is always kept",
            "entryRenderCacheSize": "what was rendered is kept as long as its pod is there",
        ])
        root.mapping("grpc", known: ["maxCallRecvMsgSize"])?.warnOfUnused([
            "maxCallRecvMsgSize": "entries are listed by pages that fit any limit"
        ])
        root.mapping("controller", known: ["groupKindConcurrency", "cacheSyncTimeout", "recoverPanic"])?.warnOfUnused([
            "groupKindConcurrency": "one pass handles all resources of a kind",
            "cacheSyncTimeout": "readiness tells while the cluster has not been read",
            "recoverPanic": "a program that panics ends",
        ])
    }
}
