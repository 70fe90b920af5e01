// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Decides who leads, as `client-go` does, so that both can be candidates for one Lease.
///
/// Another candidate's clock is not believed: its lease has run out when it has not changed for as long as it lasts, by
/// the clock here that only goes forward.
struct LeaseRule: Hashable, Sendable {
    enum Action: Hashable, Sendable {
        /// Write this. It counts as from when the attempt began.
        case write(LeaseRecord)
        /// Another one leads.
        case wait
    }

    /// No lease of another candidate is waited for longer than this.
    private static let maximumDuration: Int64 = 3600

    let settings: LeaderSettings

    private var seen: LeaseRecord?
    private var seenAt: ContinuousClock.Instant?
    /// When the attempt began that renewed our own lease last; `nil` while another one leads.
    private(set) var renewedAt: ContinuousClock.Instant?

    init(_ settings: LeaderSettings) {
        self.settings = settings
    }

    /// Whether this candidate leads, be it that it cannot tell the others any more.
    func isLeader(at now: ContinuousClock.Instant) -> Bool {
        renewedAt.map { now < $0 + settings.renewDeadline } ?? false
    }

    /// How long an attempt may take that begins now: a leader must know in time that it is none any more.
    func timeLimit(at now: ContinuousClock.Instant) -> Duration {
        guard let renewedAt, isLeader(at: now) else { return settings.renewDeadline }
        return settings.renewDeadline - (now - renewedAt)
    }

    /// - Parameters:
    ///   - lease: What the API server has; `nil` when there is none.
    ///   - now: By the clock that only goes forward.
    ///   - date: By the wall clock, for others to read.
    mutating func observed(_ lease: LeaseRecord?, now: ContinuousClock.Instant, date: Date) -> Action {
        guard let lease else { return .write(acquired(transitions: 0, date)) }
        if lease != seen { (seen, seenAt) = (lease, now) }
        if lease.holder == settings.identity {
            var renewed = lease
            renewed.renewTime = KubernetesTime.microText(date)
            renewed.durationSeconds = Self.seconds(settings.leaseDuration)
            return .write(renewed)
        }
        renewedAt = nil
        guard lease.holder.isEmpty || now >= (seenAt ?? now) + Self.duration(of: lease, settings) else { return .wait }
        return .write(acquired(transitions: lease.transitions + 1, date))
    }

    /// The API server took what was to be written.
    mutating func wrote(_ lease: LeaseRecord, attemptAt: ContinuousClock.Instant) {
        (seen, seenAt, renewedAt) = (lease, attemptAt, attemptAt)
    }

    /// What the Lease says once this candidate gives up; `nil` when there is nothing to give up.
    mutating func release(date: Date) -> LeaseRecord? {
        guard renewedAt != nil, var lease = seen else { return nil }
        renewedAt = nil
        lease.holder = ""
        lease.durationSeconds = 1
        lease.renewTime = KubernetesTime.microText(date)
        lease.acquireTime = lease.renewTime
        return lease
    }

    private func acquired(transitions: Int64, _ date: Date) -> LeaseRecord {
        var lease = LeaseRecord()
        lease.holder = settings.identity
        lease.durationSeconds = Self.seconds(settings.leaseDuration)
        lease.acquireTime = KubernetesTime.microText(date)
        lease.renewTime = lease.acquireTime
        lease.transitions = transitions
        return lease
    }

    private static func duration(of lease: LeaseRecord, _ settings: LeaderSettings) -> Duration {
        guard lease.durationSeconds > 0 else { return settings.leaseDuration }
        return max(settings.leaseDuration, .seconds(min(lease.durationSeconds, maximumDuration)))
    }

    /// Whole seconds, as a Lease has them; never none.
    private static func seconds(_ duration: Duration) -> Int64 {
        max(1, duration.components.seconds + (duration.components.attoseconds > 0 ? 1 : 0))
    }
}
