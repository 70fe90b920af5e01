// SPDX-License-Identifier: Apache-2.0

import SPIFFE

extension ResourceCall {
    func respond(to review: Review) throws(APIStatus) -> APIResponse {
        var answer = try body()
        answer[at: "kind"] = .string(type.kind)
        answer[at: "apiVersion"] = .string(type.apiVersion)
        if answer["metadata"] == nil { answer[at: "metadata"] = ["creationTimestamp": nil] }
        let spec = answer["spec"] ?? [:]
        answer[at: "status"] =
            switch review {
            case .token: try tokenStatus(spec)
            case .access, .ownAccess: ["allowed": true, "reason": "nobody is refused anything here"]
            }
        return APIResponse(answer, status: 201)
    }

    private func tokenStatus(_ spec: JSONValue) throws(APIStatus) -> JSONValue {
        guard let token = spec["token"]?.string, !token.isEmpty else {
            throw .invalid(type, "", [.required("spec.token")])
        }
        let audiences = (spec["audiences"]?.array ?? []).compactMap(\.string)
        do {
            let holder = try TokenAuthentication(server: server).holder(of: token, for: audiences)
            return [
                "authenticated": true,
                "user": [
                    "username": .string(holder.user.name), "uid": .string(holder.uid),
                    "groups": .array(holder.user.groups.map { .string($0) }), "extra": holder.extra,
                ],
                "audiences": .array(holder.audiences.map { .string($0) }),
            ]
        } catch {
            return ["user": [:], "error": .string(error.message)]
        }
    }
}
