// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// A refusal, as the `Status` object that says it.
struct APIStatus: Error, Sendable {
    let code: Int
    let reason: String
    let message: String
    var details: JSONValue?
    var retryAfterSeconds: Int?

    init(_ code: Int, _ reason: String, _ message: String, details: JSONValue? = nil, retryAfterSeconds: Int? = nil) {
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details
        self.retryAfterSeconds = retryAfterSeconds
    }

    var value: JSONValue {
        var value: JSONValue = [
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure", "message": .string(message),
            "reason": .string(reason), "code": .number(JSONNumber(code)),
        ]
        value[at: "details"] = details
        if let retryAfterSeconds {
            value[at: "details", "retryAfterSeconds"] = .number(JSONNumber(retryAfterSeconds))
        }
        return value
    }
}

extension APIStatus {
    static let unauthorized = APIStatus(401, "Unauthorized", "Unauthorized")

    static let noSuchPath = APIStatus(404, "NotFound", "the server could not find the requested resource")

    static func badRequest(_ message: String) -> APIStatus {
        APIStatus(400, "BadRequest", message)
    }

    static func notFound(_ resource: GroupResource, _ name: String) -> APIStatus {
        APIStatus(404, "NotFound", "\(resource) \(name.quoted) not found", details: details(resource, name))
    }

    static func alreadyExists(_ resource: GroupResource, _ name: String) -> APIStatus {
        APIStatus(409, "AlreadyExists", "\(resource) \(name.quoted) already exists", details: details(resource, name))
    }

    static func conflict(_ resource: GroupResource, _ name: String, _ why: String) -> APIStatus {
        APIStatus(
            409, "Conflict", "Operation cannot be fulfilled on \(resource) \(name.quoted): \(why)",
            details: details(resource, name))
    }

    static func modified(_ resource: GroupResource, _ name: String) -> APIStatus {
        conflict(
            resource, name,
            "the object has been modified; please apply your changes to the latest version and try again")
    }

    static func expired(_ version: String) -> APIStatus {
        APIStatus(410, "Expired", "too old resource version: \(version)")
    }

    static func methodNotAllowed() -> APIStatus {
        APIStatus(405, "MethodNotAllowed", "the server does not allow this method on the requested resource")
    }

    static func unsupportedMediaType(_ allowed: [String]) -> APIStatus {
        APIStatus(
            415, "UnsupportedMediaType",
            "the body of the request was in an unknown format - accepted media types include: "
                + allowed.joined(separator: ", "))
    }

    private static func details(_ resource: GroupResource, _ name: String) -> JSONValue {
        var details: JSONValue = ["name": .string(name), "kind": .string(resource.plural)]
        if !resource.group.isEmpty { details[at: "group"] = .string(resource.group) }
        return details
    }
}
