// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTesting
import FoundationEssentials
import SPIFFE
import Testing

@Suite struct UnrefreshedBundlesTests {
    private let beta: SPIFFEBundle
    private let first = Date(timeIntervalSince1970: 1_900_000_000)
    private let last = Date(timeIntervalSince1970: 1_950_000_000)

    init() throws {
        let (first, last) = (first, last)
        let cas = [try TestCA("beta.test") { $0.notAfter = last }, try TestCA("beta.test") { $0.notAfter = first }]
        beta = SPIFFEBundle(
            trustDomain: cas[0].trustDomain, x509Authorities: try cas.map { try X509Authority($0.root) })
    }

    @Test func lifetimeIsFromTheFirstToTheLastExpiry() {
        let lifetime = BundleLifetime(of: beta)
        #expect(lifetime.firstExpiry == first)
        #expect(lifetime.usableUntil == last)
    }

    @Test func bundleWithoutX509AuthoritiesHasNoEnd() throws {
        let lifetime = BundleLifetime(of: try bundle("beta.test"))
        #expect(lifetime.firstExpiry == nil)
        #expect(lifetime.usableUntil == nil)
    }

    @Test("S70: said once, and once more when it has aged out") func reportsOnce() {
        var watch = UnrefreshedBundles()
        let lifetime = BundleLifetime(of: beta)
        #expect(watch.check([beta], managed: [], at: start) == [.noRefreshSource(beta.trustDomain, lifetime: lifetime)])
        #expect(watch.check([beta], managed: [], at: first) == [])
        #expect(watch.check([beta], managed: [], at: last) == [.agedOut(beta.trustDomain, lifetime: lifetime)])
        #expect(watch.check([beta], managed: [], at: last) == [])
    }

    @Test func managedBundlesAreNoConcern() {
        var watch = UnrefreshedBundles()
        #expect(watch.check([beta], managed: [beta.trustDomain], at: last) == [])
        let warnings = watch.check([beta], managed: [], at: last)
        #expect(warnings.count == 2)
    }
}
