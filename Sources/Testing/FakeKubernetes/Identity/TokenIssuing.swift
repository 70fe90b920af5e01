// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SPIFFE

/// Makes tokens for one service account.
struct TokenIssuing: Sendable {
    /// The shortest life that the API gives a token, in seconds.
    private static let shortestLife: Int64 = 600

    private static let type = APIType(
        group: "authentication.k8s.io", version: "v1", kind: "TokenRequest", plural: "tokenrequests", isNamespaced: true
    )

    let server: APIServer
    let account: ObjectName

    /// The status of a TokenRequest: the token and its end.
    func status(for spec: JSONValue) throws(APIStatus) -> JSONValue {
        let seconds = spec["expirationSeconds"]?.number?.signed ?? 3600
        guard seconds >= Self.shortestLife else {
            let fault = FieldFault.invalid(
                "spec.expirationSeconds", .number(JSONNumber(seconds)),
                "may not specify a duration less than 10 minutes")
            throw .invalid(Self.type, "", [fault])
        }
        let now = Int64(Date().timeIntervalSince1970)
        var claims: JSONValue = ["kubernetes.io": try boundClaims(spec["boundObjectRef"])]
        for (name, time) in [("iat", now), ("nbf", now), ("exp", now + seconds)] {
            claims[at: name] = .number(JSONNumber(time))
        }
        let audiences = spec["audiences"]?.array.flatMap { $0.isEmpty ? nil : $0 }
        claims[at: "aud"] = .array(audiences ?? [.string(ServiceAccountTokens.issuer)])
        claims[at: "iss"] = .string(ServiceAccountTokens.issuer)
        claims[at: "jti"] = .string(UUID().uuidString.lowercased())
        claims[at: "sub"] = .string("system:serviceaccount:\(account.namespace):\(account.name)")
        guard let token = try? server.tokens.token(claims) else {
            throw APIStatus(500, "InternalError", "the token cannot be signed")
        }
        let end = Date(timeIntervalSince1970: Double(now + seconds)).formatted(.iso8601)
        return ["token": .string(token), "expirationTimestamp": .string(end)]
    }

    /// What the token says about the account, and about the pod that it goes with.
    private func boundClaims(_ reference: JSONValue?) throws(APIStatus) -> JSONValue {
        guard let account = server.store.object(account, in: .serviceAccounts)?.value else {
            throw .notFound(.serviceAccounts, account.name)
        }
        var bound: JSONValue = ["namespace": .string(self.account.namespace)]
        bound[at: "serviceaccount"] = Self.reference(account)
        guard let reference, reference["kind"]?.string == "Pod" else { return bound }
        let name = ObjectName(namespace: self.account.namespace, name: reference["name"]?.string ?? "")
        guard let pod = server.store.object(name, in: .pods)?.value else { throw .notFound(.pods, name.name) }
        let uid = pod[at: "metadata", "uid"]
        guard reference["uid"] == nil || reference["uid"] == uid else {
            throw .conflict(.pods, name.name, "the UID in the bound object reference does not match the UID in record")
        }
        bound[at: "pod"] = Self.reference(pod)
        let node = ObjectName(namespace: "", name: pod[at: "spec", "nodeName"]?.string ?? "")
        bound[at: "node"] = server.store.object(node, in: .nodes).map { Self.reference($0.value) }
        return bound
    }

    private static func reference(_ object: JSONValue) -> JSONValue {
        var reference: JSONValue = [:]
        for name in ["name", "uid"] { reference[at: name] = object[at: "metadata", name] }
        return reference
    }
}
