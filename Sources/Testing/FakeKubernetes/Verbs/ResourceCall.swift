// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import SPIFFE

/// One request about objects of one type.
struct ResourceCall: Sendable {
    let server: APIServer
    let request: APIRequest
    let path: ResourcePath
    let type: APIType

    var store: ObjectStore { server.store }

    func response() throws(APIStatus) -> APIResponse {
        if let review = Review(rawValue: type.plural) {
            guard request.method == .post, path.name == nil else { throw .methodNotAllowed() }
            return try respond(to: review)
        }
        switch (path.subresource, type.plural) {
        case (nil, _): break
        case ("status", _) where type.hasStatus: break
        case ("token", "serviceaccounts") where request.method == .post: return try createToken()
        default: throw .noSuchPath
        }
        return try path.name == nil ? answerForCollection() : answerForObject()
    }

    private func answerForCollection() throws(APIStatus) -> APIResponse {
        switch request.method {
        case .get where request.has("watch"): try watch()
        case .get: try list()
        case .post: try create()
        case .delete: try deleteCollection()
        default: throw .methodNotAllowed()
        }
    }

    private func answerForObject() throws(APIStatus) -> APIResponse {
        switch request.method {
        case .get where request.has("watch"): try watch()
        case .get: try get()
        case .put: try replace()
        case .patch: try patch()
        case .delete: try delete()
        default: throw .methodNotAllowed()
        }
    }

    /// The object that the path names.
    var objectName: ObjectName { ObjectName(namespace: path.namespace ?? "", name: path.name ?? "") }

    func storedObject() throws(APIStatus) -> StoredObject {
        guard let object = store.object(objectName, in: type.resource) else {
            throw .notFound(type.resource, objectName.name)
        }
        return object
    }

    /// The body as JSON, whichever of JSON, YAML and protobuf it is.
    func body() throws(APIStatus) -> JSONValue {
        if request.contentType == ProtobufBody.contentType { return try ProtobufBody.value(request.body) }
        do {
            guard request.contentType.contains("yaml") else {
                return try JSONValue(parsing: request.body, maximumBytes: .max)
            }
            return try YAMLBody.value(request.body)
        } catch {
            throw .badRequest("the object provided is unrecognized (must be of type \(type.kind)): \(error)")
        }
    }
}
