// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityAttestors
import ComityKubernetes
import ComityRegistry
import ComityTesting
import Foundation
import SPIFFE
import Testing

@Suite(.timeLimit(.minutes(2))) struct PSATAttestorTests {
    private let trustDomain: TrustDomain
    private let folder: TemporaryFolder

    init() throws {
        trustDomain = try TrustDomain("example.org")
        folder = try TemporaryFolder()
    }

    // MARK: - Who stays out

    @Test(arguments: [
        ("{}", "missing cluster in attestation data"), ("{\"cluster\":\"east\"}", "missing token in attestation data"),
        ("{\"cluster\":\"west\",\"token\":\"t\"}", "not configured for cluster \"west\"; must be one of [east]"),
        ("no JSON", "failed to unmarshal data payload"),
    ])
    func malformedClaimsAreRefused(payload: String, message: String) async throws {
        let attestor = server { _ throws(KubernetesError) in throw KubernetesError(status: nil, "not asked") }
        let error = await #expect(throws: AttestationError(.invalidArgument, "")) {
            try await attestor.attest(NodeClaim(payload: Array(payload.utf8))) { _ in [] }
        }
        #expect(error?.message.contains(message) == true)
    }

    @Test func withoutTheAPINobodyComesInNow() async throws {
        let attestor = server { _ throws(KubernetesError) in
            let configuration = try ClusterConfiguration.inCluster(environment: [:])
            return try KubernetesClient(configuration, userAgent: "test", logger: RecordedLog().logger())
        }
        let error = await #expect(throws: AttestationError(.unavailable, "")) {
            try await attestor.attest(NodeClaim(payload: Self.claim)) { _ in [] }
        }
        #expect(error?.message.hasPrefix("unable to validate token with TokenReview API: not in a pod") == true)
    }

    /// An API server that lies, or whose objects change in between.
    @Test(arguments: [
        (review(audiences: ""), pod(), "token is for none of the audiences [spire-server]"),
        (review(audiences: "\"https://kubernetes\""), pod(), "token is for none of the audiences"),
        (review(user: "spire:spire-agent"), pod(), "fail to parse username from token review status"),
        (review(user: "a:b:spire:spire-agent"), pod(), "is no service account"),
        (review(uids: "\"p\",\"q\""), pod(), "expected 1 value but got: 2"),
        (review(uids: ""), pod(), "fail to get pod UID from token review status: missing pod UID"),
        (review(), pod(uid: "other"), "token is of a pod spire/agent that is gone; another has taken its name"),
        (review(), pod(node: ""), "pod spire/agent runs on no node"),
        (review(), pod(node: "gone"), "fail to get node from k8s API server"),
        (review(), pod(node: "bare"), "node UID is empty"),
        (review(), pod(node: "slash"), "failed to make spiffe id"),
        (review(), #"{"kind":"Status","message":"pods not found","code":404}"#, "fail to get pod from k8s API server"),
        ("<html>", pod(), "unable to validate token with TokenReview API"),
    ])
    func whatTheAPISaysIsChecked(review: String, pod: String, message: String) async throws {
        let script: ScriptedEndpoint.Script = { target in
            let (status, body) =
                switch target {
                case "/api/v1/namespaces/spire/pods/agent":
                    (pod.contains("\"Status\"") ? "404 Not Found" : "200 OK", pod)
                case "/api/v1/nodes/node": ("200 OK", #"{"metadata":{"name":"node","uid":"n"}}"#)
                case "/api/v1/nodes/bare": ("200 OK", #"{"metadata":{"name":"bare"}}"#)
                case "/api/v1/nodes/slash": ("200 OK", #"{"metadata":{"name":"slash","uid":"../a"}}"#)
                case "/apis/authentication.k8s.io/v1/tokenreviews": ("201 Created", review)
                default: ("404 Not Found", "{}")
                }
            return [.response(status, headers: ["Connection: close"], body: body), .close]
        }
        try await ScriptedEndpoint.with(try TestCA().leaf(), script) { endpoint in
            let client = try KubernetesClient(
                ClusterConfiguration(server: endpoint.url, skipsVerification: true), userAgent: "test",
                logger: RecordedLog().logger())
            let attestor = server { _ throws(KubernetesError) in client }
            let error = await #expect(throws: AttestationError.self) {
                try await attestor.attest(NodeClaim(payload: Self.claim)) { _ in [] }
            }
            await client.shutdown()
            #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
        }
    }

    // MARK: - The agent's half

    @Test(arguments: ["", " \n", "two words"]) func aFileWithoutATokenIsNamed(content: String) async throws {
        try content.write(toFile: folder.path("token"), atomically: true, encoding: .utf8)
        let settings = PSATAgentSettings(cluster: "east", tokenPath: folder.path("token"))
        let error = await #expect(throws: AttestationError(.unavailable, "")) {
            try await PSATAgentAttestor(settings).attest { _ in nil }
        }
        #expect(error?.message == "unable to load token from \(folder.path("token")): it holds no token")
    }

    @Test func aMissingTokenIsNamed() async throws {
        let settings = PSATAgentSettings(cluster: "east", tokenPath: folder.path("token"))
        let error = await #expect(throws: AttestationError(.unavailable, "")) {
            try await PSATAgentAttestor(settings).attest { _ in nil }
        }
        #expect(error?.message.contains("unable to load token from \(folder.path("token")): open") == true)
    }

    // MARK: - Both halves

    private static let claim = Array(#"{"cluster":"east","token":"t"}"#.utf8)

    private static func review(
        user: String = "system:serviceaccount:spire:spire-agent", audiences: String = "\"spire-server\"",
        uids: String = "\"p\""
    ) -> String {
        """
        {"status":{"authenticated":true,"audiences":[\(audiences)],"user":{"username":"\(user)","extra":{
        "authentication.kubernetes.io/pod-name":["agent"],"authentication.kubernetes.io/pod-uid":[\(uids)]}}}}
        """
    }

    private static func pod(uid: String = "p", node: String = "node") -> String {
        #"{"metadata":{"name":"agent","namespace":"spire","uid":"\#(uid)"},"spec":{"nodeName":"\#(node)"}}"#
    }

    private func server(
        _ connect: @escaping @Sendable (String?) throws(KubernetesError) -> KubernetesClient
    ) -> PSATServerAttestor {
        let rules = PSATServerSettings.Cluster(serviceAccounts: ["spire:spire-agent"])
        return PSATServerAttestor(
            PSATServerSettings(clusters: ["east": rules]), trustDomain: trustDomain, connect: connect)
    }
}
