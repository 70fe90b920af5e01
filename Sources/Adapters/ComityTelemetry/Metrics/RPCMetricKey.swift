// SPDX-License-Identifier: Apache-2.0

/// What SPIRE calls an RPC in its metrics.
enum RPCMetricKey {
    private static let serverPrefix = "spire.api.server."
    private static let shortNames = [
        "SpiffeWorkloadAPI": "WorkloadAPI",
        "envoy.service.secret.v3.SecretDiscoveryService": "SDS.v3",
        "grpc.health.v1.Health": "Health",
        "spire.api.agent.delegatedidentity.v1.DelegatedIdentity": "DelegatedIdentity",
    ]
    private static let irregular = ["SubscribeToX509SVIDs": "subscribe_to_x509_svids"]

    /// Words with dots between, such as `agent.v1.agent.attest_agent`.
    static func key(service: String, method: String) -> String {
        let name =
            shortNames[service]
            ?? (service.hasPrefix(serverPrefix) ? String(service.dropFirst(serverPrefix.count)) : service)
        let parts = name.split(separator: ".") + [method[...]]
        return parts.map { irregular[String($0)] ?? snakeCase($0) }.joined(separator: ".")
    }

    /// An underscore stands before an upper-case letter beside a lower-case one, never before the first or last letter.
    private static func snakeCase(_ word: Substring) -> String {
        let letters = Array(word)
        var result = ""
        for (index, letter) in letters.enumerated() {
            guard letter.isLetter || letter.isNumber else {
                result.append("_")
                continue
            }
            if letter.isUppercase, index > 0, index + 1 < letters.count, result.last != "_",
                letters[index - 1].isLowercase || letters[index + 1].isLowercase
            {
                result.append("_")
            }
            result += letter.lowercased()
        }
        return result
    }
}
