// SPDX-License-Identifier: Apache-2.0

/// A metric that programs know: what it is called, what kind it is and what it tells.
package struct MetricName: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case counter
        case gauge
        /// A summary of values.
        case sample
        /// Two metrics in one: a counter under the key, and a summary of milliseconds under the key and `elapsed_time`;
        /// both say by which status the calls ended.
        case call
    }

    /// SPIRE's words with dots between; Prometheus has underscores and a prefix.
    package let key: String
    package let kind: Kind
    package let labels: [MetricLabel]
    package let meaning: String

    init(_ key: String, _ kind: Kind, _ labels: [MetricLabel], _ meaning: String) {
        self.key = key
        self.kind = kind
        self.labels = kind == .call ? labels + [.status] : labels
        self.meaning = meaning
    }

    /// The key of the summary beside a call's counter.
    package var elapsedKey: String { "\(key).\(Self.elapsed)" }

    private static let elapsed = "elapsed_time"

    private static let meanings = Dictionary(
        (server + datastore + agent + controller).map { ($0.key, $0.meaning) }, uniquingKeysWith: { first, _ in first })

    /// What stands beside a metric for readers.
    static func help(key: String) -> String {
        guard key.hasSuffix(".\(elapsed)") else { return meanings[key] ?? "calls of this RPC" }
        return "milliseconds of: \(help(key: String(key.dropLast(elapsed.count + 1))))"
    }
}

extension MetricName {
    package static let started = MetricName(
        "started", .gauge, [.version, .trustDomainID], "1; the labels tell of whom")
    package static let uptime = MetricName("uptime_in_ms", .gauge, [], "milliseconds since the start")

    /// The calls of one RPC.
    ///
    /// - Parameters:
    ///   - service: The full name, such as `spire.api.server.agent.v1.Agent`.
    package static func rpc(service: String, method: String) -> MetricName {
        MetricName("rpc.\(RPCMetricKey.key(service: service, method: method))", .call, [], "calls of this RPC")
    }
}
