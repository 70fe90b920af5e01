// SPDX-License-Identifier: Apache-2.0

/// Bounds on the work that one certificate path may cost, whatever the peer presents (decisions D-17, D-32).
public struct PathLimits: Hashable, Sendable {
    /// The most certificates that a peer may present, leaf included.
    public static let maximumPresentedCertificates = 16

    /// The most bytes that a presented chain may have.
    static let maximumEncodedLength = 1 << 20

    /// The most certificates in a path, leaf and authority included.
    public var depth: Int

    /// The most issuers looked at over all paths tried.
    public var candidates: Int

    /// The most signatures verified over all paths tried.
    public var signatureChecks: Int

    /// The most comparisons of a name with a name constraint over all paths tried.
    public var nameComparisons: Int

    /// Makes limits that hold honest chains with ease and end hostile ones in milliseconds.
    public init(
        depth: Int = maximumPresentedCertificates + 1,
        candidates: Int = 256,
        signatureChecks: Int = 32,
        nameComparisons: Int = 10_000
    ) {
        self.depth = depth
        self.candidates = candidates
        self.signatureChecks = signatureChecks
        self.nameComparisons = nameComparisons
    }
}
