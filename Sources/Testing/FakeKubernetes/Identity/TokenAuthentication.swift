// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SPIFFE

/// Who holds a bearer token, and for which of the audiences it is meant.
struct TokenAuthentication: Sendable {
    struct Holder: Sendable {
        let user: APIUser
        let uid: String
        /// What else is known, such as the pod.
        let extra: JSONValue
        let audiences: [String]
    }

    struct Refusal: Error {
        let message: String
    }

    let server: APIServer

    func holder(of token: String, for audiences: [String]) throws(Refusal) -> Holder {
        guard let claims = server.tokens.claims(of: token, at: Date()) else {
            throw Refusal(message: "invalid bearer token")
        }
        let meant = (claims["aud"]?.array ?? []).compactMap(\.string)
        let wanted = audiences.isEmpty ? [ServiceAccountTokens.issuer] : audiences
        let common = wanted.filter(meant.contains)
        guard !common.isEmpty else {
            throw Refusal(
                message: "[invalid bearer token, token audiences \(list(meant)) is invalid for the target audiences "
                    + "\(list(wanted))]")
        }
        return try holder(claims, common)
    }

    /// The account and what the token is bound to must be there still.
    private func holder(_ claims: JSONValue, _ audiences: [String]) throws(Refusal) -> Holder {
        let bound = claims["kubernetes.io"] ?? [:]
        let namespace = bound["namespace"]?.string ?? ""
        let account = bound["serviceaccount"] ?? [:]
        try check(account, is: .serviceAccounts, in: namespace)
        var extra: JSONValue = [:]
        if let id = claims["jti"]?.string {
            extra[at: "authentication.kubernetes.io/credential-id"] = .array([.string("JTI=\(id)")])
        }
        for (kind, resource, home) in [("pod", GroupResource.pods, namespace), ("node", .nodes, "")] {
            guard let reference = bound[kind] else { continue }
            if kind == "pod" { try check(reference, is: resource, in: home) }
            for part in ["name", "uid"] {
                extra[at: "authentication.kubernetes.io/\(kind)-\(part)"] = reference[part].map { .array([$0]) }
            }
        }
        let groups = ["system:serviceaccounts", "system:serviceaccounts:\(namespace)", "system:authenticated"]
        return Holder(
            user: APIUser("system:serviceaccount:\(namespace):\(account["name"]?.string ?? "")", groups: groups),
            uid: account["uid"]?.string ?? "", extra: extra, audiences: audiences)
    }

    private func check(_ reference: JSONValue, is resource: GroupResource, in namespace: String) throws(Refusal) {
        let name = ObjectName(namespace: namespace, name: reference["name"]?.string ?? "")
        let present = server.store.object(name, in: resource)?.value
        guard let present, present[at: "metadata", "uid"] == reference["uid"] else {
            throw Refusal(message: "[invalid bearer token, \(resource) \(name.name.quoted) not found]")
        }
    }

    private func list(_ words: [String]) -> String {
        "[\(words.map(\.quoted).joined(separator: " "))]"
    }
}
