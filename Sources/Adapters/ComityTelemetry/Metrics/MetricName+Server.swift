// SPDX-License-Identifier: Apache-2.0

extension MetricName {
    /// What a server tells, beside its RPCs and its datastore.
    package static let server: [MetricName] = [
        started, uptime, bundleFetch, bundleUpdate, bundlePublish, x509CAPrepare, jwtKeyPrepare, x509CAActivate,
        jwtKeyActivate, x509CAExpiration, x509CATTL, bundlePrune, bundlePruned, x509SVIDSigned, jwtSVIDSigned,
        x509CASVIDSigned, serverSVIDRotate, entryPrune, entryCacheReload, cachedEntries, cachedAgents, bundleAge,
        bundleSequence, nextRefresh, refreshFailures, authorityExpiry,
    ]

    package static let bundleFetch = MetricName(
        "bundle_manager.fetch.federated_bundle", .call, [.trustDomainID], "fetches of a partner's bundle")
    package static let bundleUpdate = MetricName(
        "bundle_manager.update.federated_bundle", .counter, [.trustDomainID], "changes of a partner's stored bundle")

    package static let bundlePublish = MetricName(
        "bundle_publisher.publish", .call, [.plugin], "writings of the own bundle to a place outside, or checks of it")

    // MARK: - Authorities

    package static let x509CAPrepare = MetricName(
        "ca.manager.x509_ca.prepare", .call, [], "preparations of an X.509 CA")
    package static let jwtKeyPrepare = MetricName("ca.manager.jwt_key.prepare", .call, [], "preparations of a JWT key")
    package static let x509CAActivate = MetricName("ca.manager.x509_ca.activate", .counter, [], "X.509 CAs activated")
    package static let jwtKeyActivate = MetricName("manager.jwt_key.activate", .counter, [], "JWT keys activated")
    package static let x509CAExpiration = MetricName(
        "manager.x509_ca.rotate.expiration", .gauge, [.trustDomainID],
        "when the active X.509 CA ends, in seconds since 1970")
    package static let x509CATTL = MetricName(
        "manager.x509_ca.rotate.ttl", .gauge, [.trustDomainID],
        "seconds that the active X.509 CA had left when it became active")
    package static let bundlePrune = MetricName(
        "ca.manager.bundle.prune", .call, [], "searches of the own bundle for what has ended")
    package static let bundlePruned = MetricName(
        "ca.manager.bundle.pruned", .counter, [], "times that something was taken out of the own bundle")
    package static let serverSVIDRotate = MetricName("svid.rotate", .call, [], "rotations of the server's own SVID")

    // MARK: - Signing

    package static let x509SVIDSigned = MetricName("server_ca.sign.x509_svid", .counter, [], "X509-SVIDs signed")
    package static let jwtSVIDSigned = MetricName("server_ca.sign.jwt_svid", .counter, [], "JWT-SVIDs signed")
    package static let x509CASVIDSigned = MetricName(
        "server_ca.sign.x509_ca_svid", .counter, [], "CAs signed for servers below")

    // MARK: - Registry

    package static let entryPrune = MetricName(
        "registration_entry.manager.prune", .call, [], "searches for entries that have ended")
    package static let entryCacheReload = MetricName(
        "entry.cache.reload", .call, [], "readings of all entries and nodes into memory")
    package static let cachedEntries = MetricName(
        "entry.entries_by_entryid_cache.count", .gauge, [], "entries in memory")
    package static let cachedAgents = MetricName("node.agents_by_id_cache.count", .gauge, [], "nodes in memory")

    // MARK: - Federation, which SPIRE says less of

    package static let bundleAge = MetricName(
        "federation.bundle_age_seconds", .gauge, [.partner], "seconds since the partner's bundle was last had whole")
    package static let bundleSequence = MetricName(
        "federation.bundle_sequence", .gauge, [.partner], "sequence number of the partner's stored bundle")
    package static let nextRefresh = MetricName(
        "federation.next_refresh_seconds", .gauge, [.partner],
        "seconds until the partner is asked again; negative when that is overdue")
    package static let refreshFailures = MetricName(
        "federation.refresh_failures_total", .counter, [.partner, .class],
        "attempts of this server that brought no bundle, by reason")
    package static let authorityExpiry = MetricName(
        "federation.authority_expiry_seconds", .gauge, [.partner],
        "seconds until the first X.509 authority of the partner ends; negative when it has")
}
