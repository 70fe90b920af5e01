// SPDX-License-Identifier: Apache-2.0

/// Bundles by trust domain. Never pooled: a look-up answers with one trust domain's bundle only.
public struct BundleSet: Hashable, Sendable {
    private var bundles: [TrustDomain: SPIFFEBundle]

    /// Collects bundles; of two of one trust domain the later counts.
    public init(_ bundles: some Sequence<SPIFFEBundle> = []) {
        self.bundles = [:]
        for bundle in bundles {
            self.bundles[bundle.trustDomain] = bundle
        }
    }

    /// The bundle of a trust domain; setting replaces it.
    public subscript(trustDomain: TrustDomain) -> SPIFFEBundle? {
        get { bundles[trustDomain] }
        set { bundles[trustDomain] = newValue }
    }

    /// In order of trust domain name.
    public var trustDomains: [TrustDomain] {
        bundles.keys.sorted()
    }
}
