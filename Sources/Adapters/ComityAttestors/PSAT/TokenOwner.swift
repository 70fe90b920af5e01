// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityKubernetes
import SPIFFE

/// The pod that a token was made for, as the API server says.
struct TokenOwner: Equatable {
    private static let podName = "authentication.kubernetes.io/pod-name"
    private static let podUID = "authentication.kubernetes.io/pod-uid"

    var namespace: String
    var serviceAccount: String
    var podName: String
    var podUID: String

    /// - Parameter audiences: One of them the token must be for.
    /// - Throws: ``AttestationError`` when the token is not good, or not of an allowed pod.
    init(_ review: TokenReviewResult, in cluster: PSATServerSettings.Cluster) throws(AttestationError) {
        guard review.isAuthenticated else {
            let reason = review.error.isEmpty ? "" : ": \(review.error)"
            throw AttestationError(
                .permissionDenied, "token not authenticated according to TokenReview API\(reason)")
        }
        // A server that knows no audiences says yes to a token for anybody.
        guard cluster.audiences.isEmpty || !Set(cluster.audiences).isDisjoint(with: review.audiences) else {
            throw AttestationError(
                .permissionDenied, "token is for none of the audiences [\(cluster.audiences.joined(separator: ", "))]")
        }
        (namespace, serviceAccount) = try Self.names(in: review.userName)
        let account = "\(namespace):\(serviceAccount)"
        guard cluster.serviceAccounts.contains(account) else {
            throw AttestationError(
                .permissionDenied,
                "\(account.quoted) is not an allowed service account; see service_account_allow_list")
        }
        podName = try Self.only(Self.podName, "pod name", in: review)
        podUID = try Self.only(Self.podUID, "pod UID", in: review)
    }

    /// Of `system:serviceaccount:<namespace>:<name>`.
    private static func names(in userName: String) throws(AttestationError) -> (String, String) {
        let parts = userName.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, parts[0] == "system", parts[1] == "serviceaccount", !parts[2].isEmpty, !parts[3].isEmpty
        else {
            throw AttestationError(
                .permissionDenied,
                "fail to parse username from token review status: \(userName.quoted) is no service account")
        }
        return (parts[2], parts[3])
    }

    private static func only(
        _ key: String, _ name: String, in review: TokenReviewResult
    ) throws(AttestationError) -> String {
        guard let values = review.extra[key], let value = values.first, !value.isEmpty else {
            throw AttestationError(
                .permissionDenied,
                "fail to get \(name) from token review status: missing \(name); the token is not projected into a pod")
        }
        guard values.count == 1 else {
            throw AttestationError(
                .permissionDenied,
                "fail to get \(name) from token review status: expected 1 value but got: \(values.count)")
        }
        return value
    }
}
