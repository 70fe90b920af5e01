// SPDX-License-Identifier: Apache-2.0

/// How candidates agree on who leads. All of them must have the same times.
public struct LeaderSettings: Hashable, Sendable {
    /// Where the Lease is.
    public var namespace: String
    /// What the Lease is called.
    public var name: String
    /// Who this candidate is, such as `host_4711`; no two may have the same.
    public var identity: String
    /// How long a leader is one after its last sign of life. Default: 15 s.
    public var leaseDuration: Duration
    /// After how long without success a leader gives up; shorter than ``leaseDuration``. Default: 10 s.
    public var renewDeadline: Duration
    /// The pause between two attempts; shorter than ``renewDeadline``. Default: 2 s.
    public var retryPeriod: Duration

    /// Makes settings with the usual times.
    public init(
        namespace: String, name: String, identity: String, leaseDuration: Duration = .seconds(15),
        renewDeadline: Duration = .seconds(10), retryPeriod: Duration = .seconds(2)
    ) {
        self.namespace = namespace
        self.name = name
        self.identity = identity
        self.leaseDuration = leaseDuration
        self.renewDeadline = renewDeadline
        self.retryPeriod = retryPeriod
    }

    /// - Throws: ``KubernetesError`` when the times cannot work together.
    func check() throws(KubernetesError) {
        guard leaseDuration > renewDeadline, renewDeadline > retryPeriod, retryPeriod > .zero else {
            throw KubernetesError(
                status: nil, reason: KubernetesError.Reason.configuration,
                "leader election needs leaseDuration > renewDeadline > retryPeriod > 0, and has \(leaseDuration), "
                    + "\(renewDeadline) and \(retryPeriod)")
        }
        guard !identity.isEmpty else {
            throw KubernetesError(
                status: nil, reason: KubernetesError.Reason.configuration, "leader election needs an identity")
        }
    }
}
