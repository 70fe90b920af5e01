// SPDX-License-Identifier: Apache-2.0

extension MetricName {
    /// What an agent tells, beside its RPCs.
    package static let agent: [MetricName] = [
        started, uptime, bootstrapped, bootstrapSeconds, bootstrapAttempts, agentSVIDRotate, nodeAttestation,
        keyGeneration, keyFetch, fetchEntriesUpdates, fetchSVIDsUpdates, expiringSVIDs, outdatedSVIDs,
        taintedX509SVIDs, taintedJWTSVIDs, processTaintedX509SVIDs, processTaintedJWTSVIDs, entriesAdded,
        entriesRemoved, entriesUpdated, cachedRecords,
        cachedSVIDs, cachedJWTSVIDs, workloadConnection, workloadConnections, discoveredSelectors, workloadAttestation,
        workloadAttestor, jwtBundlesUpdate, rateLimitExceeded, debugConnection, debugConnections, delegatedConnection,
        delegatedConnections,
    ]

    // MARK: - Itself

    package static let bootstrapped = MetricName(
        "bootstrapped", .gauge, [.mode], "1 once the agent believes its server by a bundle that it was told to trust")
    package static let bootstrapSeconds = MetricName(
        "bootstrap_seconds", .gauge, [.mode], "how long that took")
    package static let bootstrapAttempts = MetricName(
        "bootstrap_attempts", .gauge, [.mode], "how many attempts that took")
    package static let agentSVIDRotate = MetricName("agent_svid.rotate", .call, [], "rotations of the agent's own SVID")
    package static let nodeAttestation = MetricName(
        "node.attestor.new_svid", .call, [.attestor], "attestations of the node")
    package static let keyGeneration = MetricName(
        "agent_key_manager.generate_key_pair", .call, [], "keys made for the agent's own SVID, and stored")
    package static let keyFetch = MetricName(
        "agent_key_manager.fetch_private_key", .call, [], "readings of a key of the agent's own SVID")

    // MARK: - What it learns

    package static let fetchEntriesUpdates = MetricName(
        "manager.sync.fetch_entries_updates", .call, [], "synchronisations of entries and bundles with the server")
    package static let fetchSVIDsUpdates = MetricName(
        "manager.sync.fetch_svids_updates", .call, [], "calls that have X509-SVIDs signed, each for many")
    package static let expiringSVIDs = MetricName(
        "cache_manager.expiring_svids", .sample, [], "X509-SVIDs that had to be renewed at one time")
    package static let outdatedSVIDs = MetricName(
        "cache_manager.outdated_svids", .sample, [], "X509-SVIDs whose entry had changed at one time")
    package static let taintedX509SVIDs = MetricName(
        "cache_manager.tainted_x509_svids.workload", .sample, [],
        "X509-SVIDs that were signed by an authority that lost trust")
    package static let taintedJWTSVIDs = MetricName(
        "cache_manager.tainted_jwt_svids.workload", .sample, [],
        "JWT-SVIDs that were signed by an authority that lost trust")
    package static let processTaintedX509SVIDs = MetricName(
        "cache_manager.workload.process_tainted_x509_svids", .call, [], "searches for such X509-SVIDs")
    package static let processTaintedJWTSVIDs = MetricName(
        "cache_manager.workload.process_tainted_jwt_svids", .call, [], "searches for such JWT-SVIDs")
    package static let entriesAdded = MetricName("lru_cache_entry_add", .counter, [], "entries that came")
    package static let entriesRemoved = MetricName("lru_cache_entry_remove", .counter, [], "entries that went")
    package static let entriesUpdated = MetricName("lru_cache_entry_update", .counter, [], "entries that changed")
    package static let cachedRecords = MetricName("lru_cache_record_map_size", .gauge, [], "entries in memory")
    package static let cachedSVIDs = MetricName("lru_cache_svid_map_size", .gauge, [.svidType], "SVIDs in memory")
    package static let cachedJWTSVIDs = MetricName("jwt_svid_cache_size", .gauge, [], "JWT-SVIDs in memory")

    // MARK: - What it serves

    package static let workloadConnection = MetricName(
        "workload_api.connection", .counter, [], "calls of the Workload API begun")
    package static let workloadConnections = MetricName(
        "workload_api.connections", .gauge, [], "calls of the Workload API going on")
    package static let discoveredSelectors = MetricName(
        "workload_api.discovered_selectors", .sample, [], "selectors found of a workload")
    package static let workloadAttestation = MetricName(
        "workload_api.workload_attestation", .call, [], "attestations of a workload")
    package static let workloadAttestor = MetricName(
        "workload_api.workload_attestor", .call, [.attestor], "attestations of a workload by one attestor")
    package static let jwtBundlesUpdate = MetricName(
        "workload_api.bundles_update.jwt", .counter, [], "JWT bundles sent to workloads")
    package static let rateLimitExceeded = MetricName(
        "workload_api.rate_limit_exceeded", .counter, [.method], "calls of workloads that were refused for their number"
    )
    package static let debugConnection = MetricName(
        "debug_api.connection", .counter, [], "calls of the Debug API begun")
    package static let debugConnections = MetricName(
        "debug_api.connections", .gauge, [], "calls of the Debug API going on")
    package static let delegatedConnection = MetricName(
        "delegated_identity_api.connection", .counter, [], "calls of the Delegated Identity API begun")
    package static let delegatedConnections = MetricName(
        "delegated_identity_api.connections", .gauge, [], "calls of the Delegated Identity API going on")
}
