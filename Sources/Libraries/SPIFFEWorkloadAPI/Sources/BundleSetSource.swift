// SPDX-License-Identifier: Apache-2.0

public import SPIFFE

/// Has the bundles that peers are verified by.
public protocol BundleSetSource: Sendable {
    /// The bundles of this moment; empty while there are none.
    var bundles: BundleSet { get }
}

extension X509Context: BundleSetSource {}
extension BundleSet: BundleSetSource {
    /// Itself.
    public var bundles: BundleSet { self }
}
