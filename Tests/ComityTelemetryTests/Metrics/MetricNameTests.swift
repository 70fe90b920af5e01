// SPDX-License-Identifier: Apache-2.0

import ComityTelemetry
import Foundation
import Testing

@Suite struct MetricNameTests {
    @Test(arguments: [
        ("spire.api.server.agent.v1.Agent", "AttestAgent", "agent.v1.agent.attest_agent"),
        ("spire.api.server.svid.v1.SVID", "BatchNewX509SVID", "svid.v1.svid.batch_new_x509svid"),
        ("spire.api.server.svid.v1.SVID", "NewDownstreamX509CA", "svid.v1.svid.new_downstream_x509ca"),
        (
            "spire.api.server.bundle.v1.Bundle", "GetFederatedBundle", "bundle.v1.bundle.get_federated_bundle"
        ),
        (
            "spire.api.server.trustdomain.v1.TrustDomain", "RefreshBundle",
            "trustdomain.v1.trust_domain.refresh_bundle"
        ),
        ("SpiffeWorkloadAPI", "FetchX509SVID", "workload_api.fetch_x509svid"),
        ("SpiffeWorkloadAPI", "FetchJWTSVID", "workload_api.fetch_jwtsvid"),
        ("envoy.service.secret.v3.SecretDiscoveryService", "StreamSecrets", "sds_v3.stream_secrets"),
        ("grpc.health.v1.Health", "Check", "health.check"),
        (
            "spire.api.agent.delegatedidentity.v1.DelegatedIdentity", "SubscribeToX509SVIDs",
            "delegated_identity.subscribe_to_x509_svids"
        ),
        (
            "spire.api.agent.delegatedidentity.v1.DelegatedIdentity", "FetchJWTSVIDs",
            "delegated_identity.fetch_jwtsvi_ds"
        ),
    ])
    func namesRPCsAsSPIREDoes(service: String, method: String, key: String) {
        #expect(
            MetricName.rpc(service: service, method: method).key.replacing(".", with: "_")
                == "rpc_\(key)".replacing(".", with: "_"))
    }

    @Test(arguments: [MetricName.server + MetricName.datastore, MetricName.agent, MetricName.controller])
    func noTwoMetricsOfAProgramHaveOneName(names: [MetricName]) {
        let all = names.flatMap { $0.kind == .call ? [$0.key, $0.elapsedKey] : [$0.key] }
        #expect(Set(all).count == all.count)
    }

    /// Names, types and labels to the letter, and that nothing is left out.
    @Test func docsTellOfEveryMetric() throws {
        let page = try Self.page("Metrics.md")
        #expect(Self.rows(MetricName.server).filter { !page.contains($0) } == [])
        #expect(Self.rows(MetricName.agent).filter { !page.contains($0) } == [])
        #expect(Self.rows(MetricName.controller).filter { !page.contains($0) } == [])
        for table in DatastoreTable.allCases {
            let actions = table.actions.map(\.rawValue).joined(separator: ", ")
            #expect(page.contains("| `datastore_\(table.rawValue)_…` | \(actions) |"))
        }
    }

    private static func rows(_ names: [MetricName]) -> [String] {
        names.map { name in
            let labels = name.labels.map { "`\($0.rawValue)`" }.joined(separator: ", ")
            return "| `\(name.key.replacing(".", with: "_"))` | \(name.kind.rawValue) | \(labels) | \(name.meaning) |"
        }
    }

    private static func page(_ name: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Docs")
        return try String(contentsOf: root.appending(path: name), encoding: .utf8)
    }
}
