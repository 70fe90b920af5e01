// SPDX-License-Identifier: Apache-2.0

extension MetricName {
    /// What a controller tells.
    package static let controller: [MetricName] = [
        leader, passes, passFailures, passSeconds, withheldDeletions, entries, pods, spiffeIDResources,
        staticEntryResources, federationResources, declaredBundleAge, declaredBundleUsable, uptime,
    ]

    package static let leader = MetricName("leader", .gauge, [], "1 while this process leads, or there is no election")
    package static let passes = MetricName("passes", .gauge, [.reconciler], "passes that went through since the start")
    package static let passFailures = MetricName(
        "pass_failures", .gauge, [.reconciler], "passes that did not go through since the start")
    package static let passSeconds = MetricName(
        "pass_seconds", .gauge, [.reconciler], "how long the last pass took")
    package static let withheldDeletions = MetricName(
        "withheld_deletions", .gauge, [.reconciler],
        "what nobody declares any more and is not deleted, for a reason that the log tells")
    package static let entries = MetricName(
        "entries", .gauge, [.state], "entries by state: wanted, set, masked by another resource, failed")
    package static let pods = MetricName(
        "pods", .gauge, [.state],
        "pods by what ClusterSPIFFEIDs make of them: selected, and of those finished, unscheduled, failed")
    package static let spiffeIDResources = MetricName(
        "cluster_spiffe_ids", .gauge, [.state], "ClusterSPIFFEIDs: all, and those that cannot be used")
    package static let staticEntryResources = MetricName(
        "cluster_static_entries", .gauge, [.state], "ClusterStaticEntries: all, and those that cannot be used")
    package static let federationResources = MetricName(
        "cluster_federated_trust_domains", .gauge, [.state], "ClusterFederatedTrustDomains: all, and those in force")
    package static let declaredBundleAge = MetricName(
        "bundle_age_seconds", .gauge, [.partner], "seconds since the partner's bundle was last had whole")
    package static let declaredBundleUsable = MetricName(
        "bundle_usable_seconds", .gauge, [.partner],
        "seconds until the last X.509 authority of the partner ends; negative when it has")
}
