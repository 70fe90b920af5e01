// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityAuthority
import SPIFFE

extension AgentConfiguration {
    /// Reads all of it, so that every fault is found; nil when something that cannot be left out is missing.
    init?(_ document: ConfigurationSection) {
        let faults = document.faults
        guard let agent = document.section("agent") else {
            faults.error("agent section must be configured", at: nil)
            return nil
        }
        let serverAddress = agent.requiredText("server_address", missing: "server_address must be configured")
        let serverPort = agent.requiredPort("server_port", missing: "server_port must be configured")
        let trustDomain = agent.trustDomain()
        let trustBundle = TrustBundleConfiguration(in: agent)
        rebootstrap = agent.rebootstrap()
        socketPath = agent.text("socket_path")?.value ?? Self.defaultSocketPath
        workloadRates = agent.section("experimental")?.workloadRates() ?? [:]
        servesWorkloadAPI = agent.flag("disable_workload_api") != true
        // SDS would be on it too, by itself if need be.
        hasPublicSocket = agent.flag("disable_sds_api") != true || servesWorkloadAPI
        adminSocketPath = agent.adminSocketPath(besides: socketPath)
        authorizedDelegates = agent.authorizedDelegates(in: trustDomain)
        dataDirectory = agent.text("data_dir")?.value ?? "."
        joinToken = agent.joinToken()
        workloadKeyType =
            agent.keyType("workload_x509_svid_key_type", among: [.rsa2048, .ecP256, .ecP384]) ?? .ecP256
        availabilityTarget = agent.availabilityTarget()
        x509SVIDCacheSize = agent.integer("x509_svid_cache_max_size", in: 1...1_000_000) ?? 1000
        jwtSVIDCacheSize = agent.integer("jwt_svid_cache_max_size", in: 1...1_000_000) ?? 1000
        allowsUnauthenticatedVerifiers = agent.flag("allow_unauthenticated_verifiers") ?? false
        allowedForeignJWTClaims = agent.texts("allowed_foreign_jwt_claims").map(\.value)
        log = agent.logSettings()
        syncInterval = agent.syncInterval()
        agent.refuseUnsupportedAgentKeys()
        agent.reportUnknownKeys(.error)

        let plugins = PluginCatalog.agent(hasJoinToken: joinToken != nil).plugins(in: document)
        let keyManager = plugins.first { $0.type == "KeyManager" }.flatMap {
            KeyManagerConfiguration($0, pathKey: "directory", faults)
        }
        nodeAttestor = plugins.first { $0.type == "NodeAttestor" }.flatMap { AgentNodeAttestorSettings($0, faults) }
        workloadAttestors = plugins.filter { $0.type == "WorkloadAttestor" }
            .compactMap { WorkloadAttestorSettings($0, faults) }
        health = document.healthListener()
        metrics = document.metrics(prefix: "spire_agent")
        document.reportUnknownKeys(.error)

        guard let trustDomain, let serverAddress, let serverPort, let trustBundle, let keyManager else { return nil }
        self.trustDomain = trustDomain
        self.serverAddress = serverAddress.value
        self.serverPort = serverPort
        self.trustBundle = trustBundle
        self.keyManager = keyManager
    }
}

extension ConfigurationSection {
    fileprivate func requiredPort(_ key: String, missing message: String) -> Int? {
        let count = faults.errorCount
        if let port = port(key) { return port }
        if faults.errorCount == count { faults.error(message, at: place) }
        return nil
    }

    fileprivate func joinToken() -> AgentConfiguration.JoinToken? {
        let token = text("join_token")
        let file = text("join_token_file")
        if let file, token != nil {
            faults.error("only one of join_token or join_token_file can be specified, not both", at: file.place)
        }
        return token.map { .value($0.value) } ?? file.map { .file($0.value) }
    }

    fileprivate func rebootstrap() -> RebootstrapPolicy {
        let modes = RebootstrapPolicy.Mode.allCases.map(\.rawValue)
        let mode = choice("rebootstrap_mode", modes) { RebootstrapPolicy.Mode(rawValue: $0) } ?? .never
        let delay = duration("rebootstrap_delay", as: "rebootstrap_delay")?.value
        if mode != .never, flag("insecure_bootstrap") == true {
            faults.error(
                "rebootstrap_mode \(mode.rawValue.quoted) cannot be used with insecure_bootstrap",
                at: node("rebootstrap_mode")?.place ?? place, cure: "name a trust bundle that can be read again")
        }
        return RebootstrapPolicy(mode: mode, delay: delay.map { $0 / .seconds(1) } ?? RebootstrapPolicy.defaultDelay)
    }

    fileprivate func availabilityTarget() -> Duration? {
        guard let target = duration("availability_target", as: "availability_target") else { return nil }
        guard target.value >= .hours(24) else {
            faults.error("availability_target must be at least 24h0m0s", at: target.place)
            return nil
        }
        return target.value
    }

    /// The `ratelimit` block.
    fileprivate func workloadRates() -> [String: Int] {
        guard let section = section("ratelimit") else { return [:] }
        // There is no SDS to limit yet.
        for key in ["stream_secrets", "fetch_secrets"] { section.unsupported(key) }
        let methods = [
            "fetch_x509_svid": "FetchX509SVID", "fetch_x509_bundles": "FetchX509Bundles",
            "fetch_jwt_svid": "FetchJWTSVID", "fetch_jwt_bundles": "FetchJWTBundles",
        ]
        var rates: [String: Int] = [:]
        for (key, method) in methods { rates[method] = section.integer(key, in: 1...1_000_000) }
        section.reportUnknownKeys(.error)
        return rates
    }

    fileprivate func syncInterval() -> Duration {
        let standard = Duration.seconds(5)
        guard let experimental = section("experimental") else { return standard }
        defer { experimental.reportUnknownKeys(.warning) }
        if let setting = experimental.node("use_sync_authorized_entries"),
            experimental.flag("use_sync_authorized_entries") == false
        {
            faults.error(
                "\(experimental.path("use_sync_authorized_entries")) = false is not supported", at: setting.place,
                cure: "remove it; entries are synchronised by SyncAuthorizedEntries")
        }
        let refused = [
            "jwt_svid_cache_hit_timeout", "require_pq_kem", "feature_flags", "named_pipe_name",
            "admin_named_pipe_name", "broker",
        ]
        for key in refused { experimental.unsupported(key) }
        experimental.accept("ratelimit")
        guard let interval = experimental.duration("sync_interval", as: "sync interval"), interval.value > .zero else {
            return standard
        }
        return interval.value
    }

    fileprivate func refuseUnsupportedAgentKeys() {
        unsupported("log_selectors")
        // In what Helm charts and operators write; what it names is not there to be asked for.
        withoutEffect("sds", "Envoy SDS is not served yet")
        withoutEffect("retry_bootstrap", "the start is always tried again")
        refuseProfiling()
    }
}
