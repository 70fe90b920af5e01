// SPDX-License-Identifier: Apache-2.0

/// Decides how one goes on following the objects of a type: where a watch is resumed, when everything is listed again.
struct FollowRule: Hashable, Sendable {
    enum Action: Hashable, Sendable {
        case list(after: Duration)
        case watch(from: String, after: Duration)
    }

    /// After so many watches in a row that told nothing, a list says whether the type is there at all.
    private static let watchesBeforeList = 3
    private static let firstWait = 0.25
    private static let maximumWait = 10.0

    /// Everything up to here is known; `nil` before the first list.
    private(set) var resourceVersion: String?
    private var failures = 0
    private var hasHeard = false

    init(from resourceVersion: String? = nil) {
        self.resourceVersion = resourceVersion
    }

    /// What to do first.
    var start: Action {
        resourceVersion.map { .watch(from: $0, after: .zero) } ?? .list(after: .zero)
    }

    mutating func listed(resourceVersion: String) -> Action {
        self.resourceVersion = resourceVersion
        hasHeard = false
        // A list alone mends nothing that ends each watch at once.
        return .watch(from: resourceVersion, after: failures > Self.watchesBeforeList ? wait(0) : .zero)
    }

    /// - Parameter random: From 0 up to 1, so that many clients do not come at once.
    mutating func listFailed(random: Double) -> Action {
        failures += 1
        return .list(after: wait(random))
    }

    mutating func received(_ event: WatchEvent) {
        failures = 0
        hasHeard = true
        if let version = event.resourceVersion, !version.isEmpty { resourceVersion = version }
    }

    /// - Parameter error: `nil` when the server ended the watch, as it does every few minutes.
    mutating func watchEnded(_ error: KubernetesError?, random: Double) -> Action {
        let hadHeard = hasHeard
        hasHeard = false
        guard let resourceVersion else { return .list(after: wait(random)) }
        if error == nil || error?.reason == KubernetesError.Reason.deadline, hadHeard {
            return .watch(from: resourceVersion, after: .zero)
        }
        failures += 1
        let after = failures == 1 ? .zero : wait(random)
        switch error?.status {
        case 410?: return .list(after: after)
        // Busy: the server knows the watch.
        case 429?: return .watch(from: resourceVersion, after: wait(random))
        case let status? where (400..<500).contains(status): return .list(after: after)
        default:
            return failures.isMultiple(of: Self.watchesBeforeList)
                ? .list(after: after) : .watch(from: resourceVersion, after: after)
        }
    }

    /// A quarter of a second, doubled for each failure, up to ten seconds; a random part of it is left out.
    private func wait(_ random: Double) -> Duration {
        var longest = Self.firstWait
        for _ in 0..<min(failures, 10) { longest *= 2 }
        return .seconds(min(longest, Self.maximumWait) * (1 - random / 2))
    }
}
