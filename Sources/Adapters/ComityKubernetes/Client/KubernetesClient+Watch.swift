// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import SPIFFE

extension KubernetesClient {
    /// How many events wait for a slow reader.
    private static var maximumWaiting: Int { 4096 }

    /// Tells what happens to the objects of a type from a resource version on. A watch that ends or breaks is taken up
    /// where it was.
    ///
    /// - Parameters:
    ///   - namespace: `nil` watches all namespaces.
    ///   - resourceVersion: That of a list or of an event.
    /// - Returns: Events until the reader stops. It ends with ``KubernetesError``: status 410 when the resource version is
    ///   too old, so that one has to list again; 404 when the type is gone; reason
    ///   ``KubernetesError/Reason/tooLarge`` when the reader lets thousands of events wait.
    public func watch(
        _ type: ResourceType, namespace: String? = nil, _ selection: ObjectSelection = .all,
        from resourceVersion: String
    ) -> AsyncThrowingStream<WatchEvent, any Error> {
        let (events, source) = AsyncThrowingStream.makeStream(
            of: WatchEvent.self, bufferingPolicy: .bufferingOldest(Self.maximumWaiting))
        // Ends with the stream: whoever reads it no more cancels this.
        let task = Task {
            do throws(KubernetesError) {
                try await keepWatching(type, namespace, selection, from: resourceVersion) {
                    event throws(KubernetesError) in
                    guard case .dropped = source.yield(event) else { return }
                    throw KubernetesError(
                        status: nil, reason: KubernetesError.Reason.tooLarge,
                        "more than \(Self.maximumWaiting) events of \(type.plural) wait to be read")
                }
            } catch {
                source.finish(throwing: error)
            }
        }
        source.onTermination = { _ in task.cancel() }
        return events
    }

    private func keepWatching(
        _ type: ResourceType, _ namespace: String?, _ selection: ObjectSelection, from resourceVersion: String,
        _ body: (WatchEvent) throws(KubernetesError) -> Void
    ) async throws(KubernetesError) {
        var rule = FollowRule(from: resourceVersion)
        var next = rule.start
        var failure: KubernetesError?
        while true {
            guard case .watch(let version, let wait) = next else {
                throw failure ?? KubernetesError(status: 410, reason: "Expired", "the watch cannot be taken up")
            }
            try await pause(wait)
            failure = nil
            do throws(KubernetesError) {
                try await watchOnce(type, namespace: namespace, selection, from: version) {
                    event async throws(KubernetesError) in
                    rule.received(event)
                    try body(event)
                }
            } catch {
                if error.reason == KubernetesError.Reason.cancelled || error.reason == KubernetesError.Reason.tooLarge {
                    throw error
                }
                failure = error
            }
            next = rule.watchEnded(failure, random: .random(in: 0..<1))
        }
    }

    /// Watches by one request until the server ends it.
    ///
    /// - Parameter opened: Called when the server agrees to the watch.
    func watchOnce(
        _ type: ResourceType, namespace: String?, _ selection: ObjectSelection, from resourceVersion: String,
        opened: () -> Void = {}, _ body: (WatchEvent) async throws(KubernetesError) -> Void
    ) async throws(KubernetesError) {
        let query =
            selection.query + [
                QueryItem("watch", "1"), QueryItem("allowWatchBookmarks", "true"),
                QueryItem("resourceVersion", resourceVersion),
                QueryItem("timeoutSeconds", "\(Int.random(in: 300..<600))"),
            ]
        var splitter = LineSplitter(maximumBytes: limits.answerBytes)
        try await stream(try APIRequest(.GET, type, namespace: namespace, query: query), opened: opened) {
            part async throws(KubernetesError) in
            for line in try splitter.lines(with: part) {
                let value: JSONValue
                do throws(SPIFFEError) {
                    value = try JSONValue(parsing: line, maximumBytes: limits.answerBytes)
                } catch {
                    throw KubernetesError(
                        status: nil, reason: KubernetesError.Reason.answer, "a line of a watch is no JSON")
                }
                if let event = try WatchEvent(value) { try await body(event) }
            }
        }
    }
}
