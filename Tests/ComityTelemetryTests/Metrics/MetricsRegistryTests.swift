// SPDX-License-Identifier: Apache-2.0

import ComityTelemetry
import CoreMetrics
import Foundation
import Synchronization
import Testing

@Suite struct MetricsRegistryTests {
    private final class Time: Sendable {
        let date = Mutex(Date(timeIntervalSince1970: 1_000_000))
        var now: @Sendable () -> Date { { self.date.withLock { $0 } } }

        func pass(_ seconds: TimeInterval) {
            date.withLock { $0 += seconds }
        }
    }

    private struct Refused: Error {}

    private let time = Time()

    private func registry(_ change: (inout MetricsSettings) -> Void = { _ in }) -> MetricsRegistry {
        var settings = MetricsSettings(prefix: "spire_server")
        change(&settings)
        return MetricsRegistry(settings, trustDomain: "example.org", host: "node-1", now: time.now)
    }

    private func instruments(_ registry: MetricsRegistry) -> Instruments {
        Instruments(metrics: registry) { _ in "NotFound" }
    }

    /// All lines with values but those of the uptime.
    private func lines(_ registry: MetricsRegistry, _ readings: [MetricReading] = []) -> [String] {
        registry.families(readings).map(\.text).joined().split(separator: "\n").map(String.init)
            .filter { !$0.hasPrefix("#") && !$0.contains("uptime_in_ms") }
    }

    @Test func tellsCountersAndGaugesUnderTheirNames() {
        let registry = registry()
        let instruments = instruments(registry)
        instruments.count(.x509SVIDSigned)
        instruments.count(.x509SVIDSigned, by: 2)
        instruments.set(.x509CATTL, to: 5, [.trustDomainID: "example.org"])
        instruments.set(.x509CATTL, to: 7.5, [.trustDomainID: "example.org"])
        #expect(
            lines(registry) == [
                #"spire_server_manager_x509_ca_rotate_ttl{host="node-1",trust_domain_id="example_org"} 7.5"#,
                #"spire_server_server_ca_sign_x509_svid{host="node-1"} 3"#,
            ])
    }

    @Test func tellsACallAsACounterAndASummaryByStatus() async throws {
        let registry = registry { $0.showsHost = false }
        let instruments = instruments(registry)
        await instruments.measure(.entryPrune) {}
        await #expect(throws: Refused.self) { try await instruments.measure(.entryPrune) { throw Refused() } }
        let key = "spire_server_registration_entry_manager_prune"
        let families = registry.families().filter { $0.name.hasPrefix(key) }
        #expect(families.map(\.name) == [key, "\(key)_elapsed_time"])
        #expect(families.map(\.kind) == [.counter, .summary])
        #expect(
            lines(registry).filter { $0.hasPrefix("\(key){") }
                == [#"\#(key){status="NotFound"} 1"#, #"\#(key){status="OK"} 1"#])
        let summary = lines(registry).filter { $0.contains("elapsed_time") && $0.contains("OK") }
            .map { $0.split(separator: " ")[0] }
        #expect(
            summary == [
                #"\#(key)_elapsed_time{quantile="0.5",status="OK"}"#,
                #"\#(key)_elapsed_time{quantile="0.9",status="OK"}"#,
                #"\#(key)_elapsed_time{quantile="0.99",status="OK"}"#, #"\#(key)_elapsed_time_sum{status="OK"}"#,
                #"\#(key)_elapsed_time_count{status="OK"}"#,
            ])
    }

    @Test func summarisesTheLastMinute() {
        let registry = registry { $0.showsHost = false }
        let instruments = instruments(registry)
        for value in 1...100 { instruments.sample(.discoveredSelectors, value) }
        func values() -> [String] { lines(registry).map { String($0.split(separator: " ")[1]) } }
        #expect(values() == ["51", "91", "100", "5050", "100"])
        time.pass(61)
        #expect(values() == ["NaN", "NaN", "NaN", "5050", "100"])
    }

    @Test func keepsTheNewestOfManySamples() {
        let registry = registry { $0.showsHost = false }
        let instruments = instruments(registry)
        for _ in 0..<600 { instruments.sample(.discoveredSelectors, 1) }
        for _ in 0..<512 { instruments.sample(.discoveredSelectors, 9) }
        #expect(lines(registry).map { $0.split(separator: " ")[1] } == ["9", "9", "9", "5208", "1112"])
    }

    @Test func timesInMilliseconds() {
        let registry = registry { $0.showsHost = false }
        CoreMetrics.Timer(label: "t", dimensions: [], factory: registry).recordNanoseconds(2_500_000)
        #expect(lines(registry).contains("spire_server_t_sum 2.5"))
    }

    @Test func tellsReadingsWithoutKeepingThem() {
        let registry = registry { $0.showsHost = false }
        let reading = MetricReading(.bundleAge, 3, [.partner: "a-b.test"])
        #expect(lines(registry, [reading]) == [#"spire_server_federation_bundle_age_seconds{partner="a-b.test"} 3"#])
        #expect(lines(registry) == [])
    }

    @Test func tellsHowLongItRuns() {
        let registry = registry { $0.showsHost = false }
        time.pass(1.5)
        #expect(registry.families().map(\.text).joined().hasSuffix("\nspire_server_uptime_in_ms 1500\n"))
    }

    @Test func oneNameHasOneType() {
        let registry = registry { $0.showsHost = false }
        Counter(label: "a", dimensions: [], factory: registry).increment()
        Gauge(label: "a", dimensions: [], factory: registry).record(5)
        #expect(lines(registry) == ["spire_server_a 1"])
    }

    @Test func labelsEverythingWithTheTrustDomainWhenTold() {
        let registry = registry {
            $0.prefix = "my-prefix"
            $0.showsTrustDomain = true
        }
        instruments(registry).count(.x509SVIDSigned)
        #expect(
            lines(registry) == [#"my_prefix_server_ca_sign_x509_svid{host="node-1",trust_domain="example_org"} 1"#])
    }

    @Test(arguments: [
        ([], ["spire_server.server_ca"], ["bundle"]),
        (["spire_server.server_ca.sign"], ["spire_server.server_ca"], ["bundle", "sign"]),
        (["spire_server.server_ca"], ["spire_server.server_ca"], ["bundle"]),
        (["spire_server.server_ca"], ["spire_server"], ["sign"]),
        (["spire_server.server_ca"], [], ["bundle", "sign"]),
    ])
    func showsWhatThePrefixesAllow(allowed: [String], blocked: [String], shown: [String]) {
        let registry = registry {
            $0.filter.allowedPrefixes = allowed
            $0.filter.blockedPrefixes = blocked
        }
        let instruments = instruments(registry)
        for _ in 0..<2 {
            instruments.count(.bundlePruned)
            instruments.count(.x509SVIDSigned)
        }
        let found = lines(registry).map { $0.contains("sign") ? "sign" : "bundle" }
        #expect(found == shown)
    }

    @Test(arguments: [
        (["status"], [], #"spire_server_a{status="OK"} 1"#), ([], ["status"], #"spire_server_a{host="node-1"} 1"#),
        (["status", "host"], ["host"], #"spire_server_a{status="OK"} 1"#),
    ])
    func showsTheLabelsThatAreAllowed(allowed: [String], blocked: [String], line: String) {
        let registry = registry {
            $0.filter.allowedLabels = allowed
            $0.filter.blockedLabels = blocked
        }
        Counter(label: "a", dimensions: [("status", "OK")], factory: registry).increment()
        #expect(lines(registry) == [line])
    }
}
