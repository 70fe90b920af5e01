// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import SPIFFE

/// What is kept of objects of which there are many: little, and as text where it is seldom looked at.
enum Trimming {
    private static let kept = ["name", "namespace", "uid", "resourceVersion"]

    /// A pod as text, without what templates do not see.
    static func pod(_ object: JSONValue) -> JSONValue {
        guard var members = object.object else { return object }
        var metadata = members["metadata"]?.object ?? [:]
        metadata["managedFields"] = nil
        members["metadata"] = .object(metadata)
        members["status"] = .object(["phase": object["status"]?["phase"] ?? .null])
        return .object(["metadata": outline(metadata), "text": .string("\(JSONValue.object(members))")])
    }

    /// The pod that was kept as text.
    static func pod(of kept: JSONValue) -> JSONValue? {
        guard let text = kept["text"]?.string else { return nil }
        // A pod has as many bytes as the API server allows, which its cache has read before.
        return try? JSONValue(parsing: Array(text.utf8), maximumBytes: text.utf8.count)
    }

    /// A node without its status, which is long and changes all the time.
    static func node(_ object: JSONValue) -> JSONValue {
        guard var metadata = object["metadata"]?.object else { return object }
        metadata["managedFields"] = nil
        return .object(["metadata": .object(metadata), "spec": object["spec"] ?? .null])
    }

    static func namespace(_ object: JSONValue) -> JSONValue {
        guard let metadata = object["metadata"]?.object else { return object }
        var outline = outline(metadata).object ?? [:]
        outline["labels"] = metadata["labels"] ?? .object([:])
        return .object(["metadata": .object(outline)])
    }

    /// An EndpointSlice: the service's name and its pods' UIDs.
    static func endpointSlice(_ object: JSONValue) -> JSONValue {
        let endpoints = object["endpoints"]?.array ?? []
        let service = object["metadata"]?["labels"]?["kubernetes.io/service-name"]?.string ?? ""
        return backing(object, service, endpoints.compactMap(podUID))
    }

    /// Endpoints: their name is the service's; pods count whether they are ready or not.
    static func endpoints(_ object: JSONValue) -> JSONValue {
        let addresses = (object["subsets"]?.array ?? []).flatMap {
            ($0["addresses"]?.array ?? []) + ($0["notReadyAddresses"]?.array ?? [])
        }
        return backing(object, object["metadata"]?["name"]?.string ?? "", addresses.compactMap(podUID))
    }

    private static func podUID(_ endpoint: JSONValue) -> JSONValue? {
        guard let target = endpoint["targetRef"], target["kind"]?.string == "Pod" else { return nil }
        return target["uid"]
    }

    private static func backing(_ object: JSONValue, _ service: String, _ pods: [JSONValue]) -> JSONValue {
        .object([
            "metadata": outline(object["metadata"]?.object ?? [:]), "service": .string(service), "pods": .array(pods),
        ])
    }

    private static func outline(_ metadata: JSONObject) -> JSONValue {
        var outline = JSONObject()
        for name in kept { outline[name] = metadata[name] }
        return .object(outline)
    }
}
