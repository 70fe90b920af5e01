// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import SPIFFE

/// Finds stored foreign bundles that nothing refreshes: each is reported once, and once more when it has aged out.
package struct UnrefreshedBundles: Hashable, Sendable {
    package enum Warning: Hashable, Sendable {
        /// No relationship names an endpoint for this bundle.
        case noRefreshSource(TrustDomain, lifetime: BundleLifetime)
        /// The last X.509 authority of this bundle has ended.
        case agedOut(TrustDomain, lifetime: BundleLifetime)
    }

    private var reported: Set<TrustDomain> = []
    private var agedOut: Set<TrustDomain> = []

    package init() {}

    /// - Parameters:
    ///   - bundles: all stored foreign bundles.
    ///   - managed: the trust domains with a relationship, static or dynamic.
    package mutating func check(
        _ bundles: some Sequence<SPIFFEBundle>, managed: Set<TrustDomain>, at now: Date
    ) -> [Warning] {
        let unmanaged = bundles.filter { !managed.contains($0.trustDomain) }
            .sorted { $0.trustDomain < $1.trustDomain }
        let names = Set(unmanaged.map(\.trustDomain))
        reported.formIntersection(names)
        agedOut.formIntersection(names)
        return unmanaged.flatMap { warnings(for: $0, at: now) }
    }

    private mutating func warnings(for bundle: SPIFFEBundle, at now: Date) -> [Warning] {
        let lifetime = BundleLifetime(of: bundle)
        var warnings: [Warning] = []
        if reported.insert(bundle.trustDomain).inserted {
            warnings.append(.noRefreshSource(bundle.trustDomain, lifetime: lifetime))
        }
        guard let end = lifetime.usableUntil, end <= now else {
            agedOut.remove(bundle.trustDomain)
            return warnings
        }
        if agedOut.insert(bundle.trustDomain).inserted {
            warnings.append(.agedOut(bundle.trustDomain, lifetime: lifetime))
        }
        return warnings
    }
}
