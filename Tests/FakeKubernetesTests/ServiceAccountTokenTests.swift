// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FakeKubernetes
import SPIFFE
import Testing

/// Tokens of service accounts, made and reviewed by the API.
@Suite(.timeLimit(.minutes(2)))
struct ServiceAccountTokenTests {
    @Test func tokenIsOfItsAccountForItsAudience() async throws {
        try await KubernetesFixture.with { kubernetes in
            let token = try await token(in: kubernetes, "--audience", "comity")
            let status = try await review(token, "comity", in: kubernetes)
            #expect(status["authenticated"]?.bool == true)
            #expect(
                status[at: "user", "username"]?.string == "system:serviceaccount:\(kubernetes.namespace):worker")
            #expect(status["audiences"] == ["comity"])
            let other = try await review(token, "another", in: kubernetes)
            #expect(other["authenticated"]?.bool != true)
            #expect(other["error"]?.string?.contains("audience") == true)
        }
    }

    @Test func boundTokenNamesItsPodAndGoesWithIt() async throws {
        try await KubernetesFixture.with { kubernetes in
            let namespace = ["-n", kubernetes.namespace]
            try await kubernetes.kubectl(["create", "serviceaccount", "worker"] + namespace).check()
            try await kubernetes.apply(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: web}
                spec: {serviceAccountName: worker, containers: [{name: web, image: "registry.test/web:1"}]}
                """)
            let token = try await token(
                in: kubernetes, "--audience", "comity", "--bound-object-kind", "Pod", "--bound-object-name", "web",
                makesAccount: false)
            let status = try await review(token, "comity", in: kubernetes)
            #expect(status[at: "user", "extra", "authentication.kubernetes.io/pod-name"] == ["web"])
            try await kubernetes.kubectl(
                ["delete", "pod", "web", "--force", "--grace-period=0"] + namespace
            ).check()
            #expect(try await review(token, "comity", in: kubernetes)["authenticated"]?.bool != true)
        }
    }

    @Test func strangersTokenIsNotAuthenticated() async throws {
        try await KubernetesFixture.with { kubernetes in
            let status = try await review("e30.e30.e30", "comity", in: kubernetes)
            #expect(status["authenticated"]?.bool != true)
        }
    }

    private func token(
        in kubernetes: KubernetesFixture, _ arguments: String..., makesAccount: Bool = true
    ) async throws -> String {
        let namespace = ["-n", kubernetes.namespace]
        if makesAccount {
            try await kubernetes.kubectl(["create", "serviceaccount", "worker"] + namespace).check()
        }
        let token = try await kubernetes.kubectl(["create", "token", "worker"] + namespace + arguments).check().output
        return String(token.prefix { $0 != "\n" })
    }

    private func review(
        _ token: String, _ audience: String, in kubernetes: KubernetesFixture
    ) async throws -> JSONValue {
        let review: JSONValue = [
            "kind": "TokenReview", "apiVersion": "authentication.k8s.io/v1",
            "spec": ["token": .string(token), "audiences": [.string(audience)]],
        ]
        let answer = try await kubernetes.kubectl(
            "create", "-f", "-", "-o", "json", input: "\(review)"
        ).check().output
        return try JSONValue(parsing: Array(answer.utf8), maximumBytes: 1 << 20)["status"] ?? .null
    }
}
