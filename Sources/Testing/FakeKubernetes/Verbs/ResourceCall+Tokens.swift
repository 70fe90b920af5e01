// SPDX-License-Identifier: Apache-2.0

import SPIFFE

extension ResourceCall {
    /// Answers a TokenRequest.
    func createToken() throws(APIStatus) -> APIResponse {
        var answer = try body()
        answer[at: "status"] = try TokenIssuing(server: server, account: objectName).status(for: answer["spec"] ?? [:])
        answer[at: "kind"] = "TokenRequest"
        answer[at: "apiVersion"] = "authentication.k8s.io/v1"
        return APIResponse(answer, status: 201)
    }
}
