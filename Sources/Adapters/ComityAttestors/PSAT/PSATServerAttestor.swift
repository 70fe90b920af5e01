// SPDX-License-Identifier: Apache-2.0

package import ComityAttestation
package import ComityKubernetes
import ComityRegistry
package import SPIFFE

/// Lets an agent in whose token Kubernetes confirms, named by the node that its pod runs on.
package struct PSATServerAttestor: ServerNodeAttestor {
    package static let name = "k8s_psat"

    private let settings: PSATServerSettings
    private let trustDomain: TrustDomain
    private let connect: @Sendable (String?) throws(KubernetesError) -> KubernetesClient

    package var name: String { Self.name }

    /// - Parameter connect: Gives the client for a kubeconfig's path, or for the cluster that this process runs in.
    package init(
        _ settings: PSATServerSettings, trustDomain: TrustDomain,
        connect: @escaping @Sendable (String?) throws(KubernetesError) -> KubernetesClient
    ) {
        self.settings = settings
        self.trustDomain = trustDomain
        self.connect = connect
    }

    package func attest(
        _ claim: NodeClaim, challenge: @Sendable ([UInt8]) async throws -> [UInt8]
    ) async throws -> NodeAttestation {
        let claim = try PSATMessages.claim(payload: claim.payload)
        guard let cluster = settings.clusters[claim.cluster] else {
            let known = settings.clusters.keys.sorted().joined(separator: ", ")
            throw AttestationError(
                .invalidArgument, "not configured for cluster \(claim.cluster.quoted); must be one of [\(known)]")
        }
        let node = try await node(claim, cluster)
        return NodeAttestation(
            agentID: try agentID(node),
            selectors: Set(try node.selectorValues.map { try Selector(type: name, value: $0) }), canReattest: true)
    }

    private func node(
        _ claim: PSATMessages.Claim, _ cluster: PSATServerSettings.Cluster
    ) async throws(AttestationError) -> PSATNode {
        let client = try await asking("unable to validate token with TokenReview API") {
            () async throws(KubernetesError) in try connect(cluster.kubeconfigPath)
        }
        let review = try await asking("unable to validate token with TokenReview API") {
            () async throws(KubernetesError) in
            try await client.review(token: claim.token, audiences: cluster.audiences)
        }
        let owner = try TokenOwner(review, in: cluster)
        let pod = try await asking("fail to get pod from k8s API server") { () async throws(KubernetesError) in
            try await client.get(.pods, owner.podName, namespace: owner.namespace)
        }
        let nodeName = try PSATNode.nodeName(of: pod, owner)
        let node = try await asking("fail to get node from k8s API server") { () async throws(KubernetesError) in
            try await client.get(.nodes, nodeName)
        }
        return try PSATNode(cluster: claim.cluster, cluster, owner: owner, pod: pod, node: node)
    }

    private func asking<Answer>(
        _ failure: String, _ ask: () async throws(KubernetesError) -> Answer
    ) async throws(AttestationError) -> Answer {
        do throws(KubernetesError) {
            return try await ask()
        } catch {
            // What is gone will not come back by asking again.
            throw AttestationError(error.isNotFound ? .permissionDenied : .unavailable, "\(failure): \(error.message)")
        }
    }

    private func agentID(_ node: PSATNode) throws(AttestationError) -> SPIFFEID {
        do throws(SPIFFEError) {
            return try SPIFFEID(trustDomain: trustDomain, path: node.agentPath(name))
        } catch {
            throw AttestationError(.internalError, "failed to make spiffe id: \(error.message)")
        }
    }
}
