// SPDX-License-Identifier: Apache-2.0

public import SPIFFE

/// What a watch tells.
public enum WatchEvent: Hashable, Sendable {
    /// An object is there that was not.
    case added(JSONValue)
    /// An object is not as it was.
    case modified(JSONValue)
    /// An object is gone; this is how it was last.
    case deleted(JSONValue)
    /// Everything up to this resource version has been told.
    case bookmark(resourceVersion: String)

    /// Where a later watch goes on; `nil` when the object does not say.
    public var resourceVersion: String? {
        switch self {
        case .added(let object), .modified(let object), .deleted(let object):
            object["metadata"]?["resourceVersion"]?.string
        case .bookmark(let resourceVersion): resourceVersion
        }
    }
}

extension WatchEvent {
    /// Reads one line of a watch; `nil` for a type of events that nobody knew when this was written.
    ///
    /// - Throws: ``KubernetesError`` for an `ERROR` event, with the status that it tells, such as 410.
    init?(_ line: JSONValue) throws(KubernetesError) {
        guard let type = line["type"]?.string, let object = line["object"] else {
            throw KubernetesError(
                status: nil, reason: KubernetesError.Reason.answer, "a watch event has no type or object")
        }
        switch type {
        case "ADDED": self = .added(object)
        case "MODIFIED": self = .modified(object)
        case "DELETED": self = .deleted(object)
        case "BOOKMARK": self = .bookmark(resourceVersion: object["metadata"]?["resourceVersion"]?.string ?? "")
        case "ERROR": throw KubernetesError(statusObject: object, status: nil, asked: "a watch")
        default: return nil
        }
    }
}
