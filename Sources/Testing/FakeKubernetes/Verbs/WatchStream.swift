// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// The answer to a watch: what is there already, then what happens.
struct WatchStream: Sendable {
    var first: [[UInt8]]
    let signals: AsyncStream<StoreSignal>
    let timeout: Duration
    let filter: ObjectFilter
    let type: APIType
    let form: TableForm?
    let hasBookmarks: Bool

    /// What is told of a signal; `nil` when the client did not ask for it.
    func line(for signal: StoreSignal) -> [UInt8]? {
        switch signal {
        case .bookmark(let version): hasBookmarks ? bookmark(version) : nil
        case .event(let event): line(for: event)
        }
    }

    func bookmark(_ version: UInt64, endsInitialEvents: Bool = false) -> [UInt8] {
        var object: JSONValue = [
            "kind": .string(type.kind), "apiVersion": .string(type.apiVersion),
            "metadata": ["resourceVersion": .string("\(version)"), "creationTimestamp": nil],
        ]
        if endsInitialEvents {
            object[at: "metadata", "annotations"] = ["k8s.io/initial-events-end": "true"]
        }
        return Self.line("BOOKMARK", object.bytes())
    }

    func failure(_ status: APIStatus) -> [UInt8] {
        Self.line("ERROR", status.value.bytes())
    }

    func added(_ object: StoredObject) -> [UInt8] {
        Self.line("ADDED", shown(object))
    }

    /// An object that comes to match a selector is new to the client, one that ceases to is gone for it.
    private func line(for event: StoreEvent) -> [UInt8]? {
        let did = event.previous.map(filter.matches) ?? false
        let does = !event.isRemoval && filter.matches(event.object)
        let object = shown(event.object)
        return switch (did, does) {
        case (false, true): Self.line("ADDED", object)
        case (true, true): Self.line("MODIFIED", object)
        case (true, false): Self.line("DELETED", object)
        case (false, false): nil
        }
    }

    private func shown(_ object: StoredObject) -> [UInt8] {
        guard let form else { return object.bytes }
        let metadata: JSONValue = ["resourceVersion": .string("\(object.version)")]
        return TableRenderer(type: type, form: form).table(of: [object], metadata: metadata).bytes()
    }

    private static func line(_ kind: String, _ object: [UInt8]) -> [UInt8] {
        Array(#"{"type":"\#(kind)","object":"#.utf8) + object + Array("}\n".utf8)
    }
}
