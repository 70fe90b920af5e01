// SPDX-License-Identifier: Apache-2.0

public import SPIFFE

/// All that a workload has for X.509: its own identities and the bundles that its peers are verified by.
///
/// Each value is complete. One without credentials says that the workload is entitled to nothing now.
public struct X509Context: Hashable, Sendable {
    /// The workload's identities, the default one first; no two have the same non-empty hint.
    public var credentials: [X509Credential]

    /// The bundles of the own trust domains and of those federated with. They have X.509 authorities only.
    public var bundles: BundleSet

    /// Makes a context.
    public init(credentials: [X509Credential] = [], bundles: BundleSet = BundleSet()) {
        self.credentials = credentials
        self.bundles = bundles
    }

    /// The identity to use when there is no reason for another (Workload API §8); `nil` when there is none.
    public var defaultCredential: X509Credential? { credentials.first }

    /// The identity with a hint; `nil` when there is none, never the default instead.
    public func credential(hint: String) -> X509Credential? {
        credentials.first { $0.hint == hint }
    }
}
