// SPDX-License-Identifier: Apache-2.0

import ComityClient
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// The server's answer when a bundle is deleted.
typealias BundleDeletion = Spire_Api_Server_Bundle_V1_BatchDeleteFederatedBundleResponse

extension BundleDeletion {
    var json: JSONValue {
        .message([
            "results": .list(results) {
                .message(["status": $0.hasStatus ? $0.status.json : nil, "trust_domain": .string($0.trustDomain)])
            }
        ])
    }

    /// - Throws: ``CommandError`` when a bundle could not be deleted.
    func check() throws(CommandError) {
        guard let failed = results.first(where: { $0.status.code != 0 }) else { return }
        throw CommandError(
            .answer, "failed to delete federated bundle \(failed.trustDomain.quoted): \(failed.status.message)")
    }
}

extension ServerAPI {
    func deleteBundle(
        of trustDomain: TrustDomain, _ mode: Spire_Api_Server_Bundle_V1_BatchDeleteFederatedBundleRequest.Mode
    ) async throws -> BundleDeletion {
        try await bundles.batchDeleteFederatedBundle(
            .with {
                $0.trustDomains = [trustDomain.name]
                $0.mode = mode
            })
    }
}
