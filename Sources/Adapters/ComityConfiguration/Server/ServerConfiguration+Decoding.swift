// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import SPIFFE

extension ServerConfiguration {
    /// Reads all of it, so that every fault is found; nil when something that cannot be left out is missing.
    init?(_ document: ConfigurationSection) {
        let faults = document.faults
        let catalog = PluginCatalog.server
        guard let server = document.section("server") else {
            faults.error("server section must be configured", at: nil)
            return nil
        }
        let trustDomain = server.trustDomain()
        let dataDirectory = server.requiredText("data_dir", missing: "data_dir must be configured")
        bindAddress = server.text("bind_address")?.value.filter { $0 != "[" && $0 != "]" } ?? "0.0.0.0"
        bindPort = server.port("bind_port") ?? 8081
        socketPath = server.text("socket_path")?.value ?? Self.defaultSocketPath
        adminIDs = server.adminIDs()
        authorization = AuthorizationConfiguration(in: server)
        authority = AuthorityConfiguration(in: server)
        federation = FederationConfiguration(in: server, of: trustDomain)
        rateLimits = RateLimitConfiguration(in: server)
        nodePruning = NodePruningConfiguration(in: server)
        makesAgentIDSelector = server.section("experimental")?.flag("agent_spiffe_id_as_selector") ?? false
        log = server.logSettings()
        server.refuseUnsupportedServerKeys()
        server.reportUnknownKeys(.error)

        let plugins = catalog.plugins(in: document)
        let dataStore = plugins.first { $0.type == "DataStore" }.flatMap { DataStoreConfiguration($0, faults) }
        let keyManager = plugins.first { $0.type == "KeyManager" }.flatMap {
            KeyManagerConfiguration($0, pathKey: "keys_path", faults)
        }
        upstreamAuthority = plugins.first { $0.type == "UpstreamAuthority" }.flatMap {
            UpstreamAuthorityConfiguration($0, faults)
        }
        let publishers = plugins.filter { $0.type == "BundlePublisher" }
        bundleFiles = publishers.filter { $0.name == "file" }.compactMap { BundleFileConfiguration($0, faults) }
        bundleConfigMaps = publishers.filter { $0.name == "k8s_configmap" }
            .flatMap { BundleConfigMapConfiguration.clusters($0, faults) }
        bundleNotifiers = plugins.filter { $0.type == "Notifier" }
            .flatMap { BundleNotifierConfiguration.clusters($0, faults) }
        for composer in plugins where composer.type == "CredentialComposer" {
            composer.section(faults).reportUnknownKeys(.error)
            authority.addsUniqueID = true
        }
        nodeAttestors = plugins.filter { $0.type == "NodeAttestor" }
            .compactMap { ServerNodeAttestorSettings($0, faults) }
        health = document.healthListener()
        metrics = document.metrics(prefix: "spire_server")
        document.reportUnknownKeys(.error)

        guard let trustDomain, let dataDirectory, let dataStore, let keyManager else { return nil }
        self.trustDomain = trustDomain
        self.dataDirectory = dataDirectory.value
        self.dataStore = dataStore
        self.keyManager = keyManager
    }
}

extension ConfigurationSection {
    fileprivate func adminIDs() -> [SPIFFEID] {
        texts("admin_ids").compactMap { setting in
            do {
                return try SPIFFEID(setting.value)
            } catch {
                faults.error("could not parse admin ID \(setting.value.quoted): \(error)", at: setting.place)
                return nil
            }
        }
    }

    fileprivate func refuseUnsupportedServerKeys() {
        for key in ["audit_log_enabled", "proxy_protocol_trusted_cidrs"] { unsupported(key) }
        // Node facts are always read fresh, which satisfies any bound on how old they may be.
        accept("max_attested_node_info_staleness")
        refuseProfiling()
        guard let experimental = section("experimental") else { return }
        let tuning = [
            "cache_reload_interval", "events_based_cache", "full_cache_reload_interval", "prune_events_older_than",
            "event_timeout", "sql_transaction_timeout",
        ]
        for key in tuning { experimental.withoutEffect(key, "changes reach agents without a cache to reload") }
        let refused = [
            "require_pq_kem", "wit_key_type", "wit_issuer",
            "feature_flags", "named_pipe_name",
        ]
        for key in refused { experimental.unsupported(key) }
        experimental.unsupported(
            "auth_opa_policy_engine",
            cure: "there is no Rego engine here: allow callers single methods by "
                + "authorization { allow \"spiffe://...\" { methods = [\"Entry/ListEntries\"] } } in the server block")
        experimental.accept("agent_spiffe_id_as_selector")
        experimental.reportUnknownKeys(.warning)
    }
}
