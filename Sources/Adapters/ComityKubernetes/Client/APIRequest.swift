// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import SPIFFE

/// One request to the API.
struct APIRequest: Sendable {
    var method: HTTPMethod
    var path: String
    var query: [QueryItem] = []
    var body: JSONValue?
    var contentType = "application/json"

    var isRead: Bool { method == .GET }

    /// For messages: `GET /api/v1/pods`.
    var description: String { "\(method.rawValue) \(path)" }

    init(_ method: HTTPMethod, path: String, query: [QueryItem] = [], body: JSONValue? = nil) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
    }

    /// To the objects of a type, or to one of them.
    init(
        _ method: HTTPMethod, _ type: ResourceType, namespace: String?, name: String? = nil, subresource: String? = nil,
        query: [QueryItem] = [], body: JSONValue? = nil
    ) throws(KubernetesError) {
        var path = type.groupPath
        if type.isNamespaced, let namespace { path += "/namespaces/\(try Self.segment(namespace, "namespace"))" }
        path += "/\(type.plural)"
        if let name {
            guard !type.isNamespaced || namespace != nil else {
                throw Self.failure("\(type.kind) \(name.quoted) needs a namespace")
            }
            path += "/\(try Self.segment(name, "name"))"
        }
        if let subresource { path += "/\(try Self.segment(subresource, "subresource"))" }
        self.init(method, path: path, query: query, body: body)
    }

    /// Part of a path that cannot become another path.
    private static func segment(_ text: String, _ kind: String) throws(KubernetesError) -> String {
        guard !text.isEmpty, text != ".", text != "..", text.utf8.count <= 253, !text.contains("/"), !text.contains("%")
        else {
            throw failure("\(text.quoted) is no \(kind) of an object")
        }
        return text
    }

    static func failure(_ message: String) -> KubernetesError {
        KubernetesError(status: nil, reason: KubernetesError.Reason.request, message)
    }
}
