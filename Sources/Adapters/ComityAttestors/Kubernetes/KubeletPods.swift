// SPDX-License-Identifier: Apache-2.0

/// The pods of the node, remembered for a moment, so that a burst of callers asks the kubelet once.
actor KubeletPods {
    private let client: KubeletClient
    private let lifetime: Duration
    private let now: @Sendable () -> ContinuousClock.Instant
    private var known: (pods: [KubeletPod], until: ContinuousClock.Instant)?
    private var fetch: Task<[KubeletPod], any Error>?

    init(_ client: KubeletClient, lifetime: Duration, now: @escaping @Sendable () -> ContinuousClock.Instant) {
        self.client = client
        self.lifetime = lifetime
        self.now = now
    }

    func current() async throws -> [KubeletPod] {
        if let known, now() < known.until { return known.pods }
        if let fetch { return try await fetch.value }
        // Whoever asks meanwhile waits for it too; it ends by itself, because the client has a deadline.
        let fetch = Task { [client] in try await client.pods() }
        self.fetch = fetch
        defer { self.fetch = nil }
        let pods = try await fetch.value
        known = (pods, now() + lifetime)
        return pods
    }
}
