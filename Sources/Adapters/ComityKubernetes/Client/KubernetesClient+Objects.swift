// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
public import SPIFFE

extension KubernetesClient {
    /// Reads one object.
    ///
    /// - Throws: ``KubernetesError``; status 404 when it is not there.
    public func get(
        _ type: ResourceType, _ name: String, namespace: String? = nil
    ) async throws(KubernetesError) -> JSONValue {
        try await send(try APIRequest(.GET, type, namespace: namespace, name: name))
    }

    /// Makes an object.
    ///
    /// - Parameter object: `apiVersion` and `kind` are added when they are not there.
    /// - Returns: The object as the server made it.
    /// - Throws: ``KubernetesError``; status 409 when one of that name exists.
    @discardableResult
    public func create(
        _ type: ResourceType, _ object: JSONValue, namespace: String? = nil
    ) async throws(KubernetesError) -> JSONValue {
        try await send(try APIRequest(.POST, type, namespace: namespace, body: type.named(object)))
    }

    /// Puts an object in place of the one of its name.
    ///
    /// - Parameter object: With the `resourceVersion` that it was read with, or it overwrites what others wrote meanwhile.
    /// - Throws: ``KubernetesError``; status 409 when it has changed since.
    @discardableResult
    public func replace(
        _ type: ResourceType, _ object: JSONValue, namespace: String? = nil, subresource: String? = nil
    ) async throws(KubernetesError) -> JSONValue {
        guard let key = ObjectKey(object) else { throw APIRequest.failure("a \(type.kind) to replace has no name") }
        return try await send(
            try APIRequest(
                .PUT, type, namespace: namespace, name: key.name, subresource: subresource, body: type.named(object)))
    }

    /// Says how the fields in the object are to be, and makes it when it is not there (server-side apply).
    ///
    /// - Parameters:
    ///   - fieldManager: Who owns those fields from now on.
    ///   - force: Whether fields are taken from other owners instead of refused with status 409.
    ///   - subresource: Such as `status`.
    @discardableResult
    public func apply(
        _ type: ResourceType, _ object: JSONValue, name: String, namespace: String? = nil, fieldManager: String,
        force: Bool = true, subresource: String? = nil
    ) async throws(KubernetesError) -> JSONValue {
        var request = try APIRequest(
            .PATCH, type, namespace: namespace, name: name, subresource: subresource,
            query: [QueryItem("fieldManager", fieldManager), QueryItem("force", force ? "true" : "false")],
            body: type.named(object))
        request.contentType = "application/apply-patch+yaml"
        return try await send(request)
    }

    /// Changes the members that the patch names; `null` takes one away (RFC 7396).
    ///
    /// - Parameter subresource: Such as `status`.
    @discardableResult
    public func mergePatch(
        _ type: ResourceType, name: String, namespace: String? = nil, _ patch: JSONValue, subresource: String? = nil
    ) async throws(KubernetesError) -> JSONValue {
        var request = try APIRequest(
            .PATCH, type, namespace: namespace, name: name, subresource: subresource, body: patch)
        request.contentType = "application/merge-patch+json"
        return try await send(request)
    }

    /// Takes an object away.
    ///
    /// - Parameter uid: When given, only the very object is deleted, not a later one of its name.
    /// - Throws: ``KubernetesError``; status 404 when it is not there, 409 when it is another one.
    public func delete(
        _ type: ResourceType, name: String, namespace: String? = nil, uid: String? = nil
    ) async throws(KubernetesError) {
        let options: JSONValue? = uid.map {
            ["apiVersion": "v1", "kind": "DeleteOptions", "preconditions": ["uid": .string($0)]]
        }
        try await send(try APIRequest(.DELETE, type, namespace: namespace, name: name, body: options))
    }

    /// Asks whose a token is.
    ///
    /// - Parameter audiences: One of them must be in the token; empty means the API server's own.
    /// - Throws: ``KubernetesError`` when there is no answer; a bad token is an answer.
    public func review(token: String, audiences: [String]) async throws(KubernetesError) -> TokenReviewResult {
        var spec: JSONObject = ["token": .string(token)]
        if !audiences.isEmpty { spec["audiences"] = .array(audiences.map { .string($0) }) }
        let answer = try await create(.tokenReviews, ["spec": .object(spec)])
        guard let status = answer["status"], status != .null else {
            throw KubernetesError(
                status: nil, reason: KubernetesError.Reason.answer, "the answer to a TokenReview has no status")
        }
        return TokenReviewResult(status: status)
    }
}

extension ResourceType {
    /// The object with the names of its type, which lists leave out.
    func named(_ object: JSONValue) -> JSONValue {
        guard let members = object.object, members["kind"] == nil || members["apiVersion"] == nil else { return object }
        var named: JSONObject = ["apiVersion": .string(apiVersion), "kind": .string(kind)]
        for member in members.members { named[member.name] = member.value }
        return .object(named)
    }
}
