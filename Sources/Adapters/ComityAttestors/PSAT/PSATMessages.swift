// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import SPIFFE

/// What agent and server say to each other in `k8s_psat`, in SPIRE's JSON.
enum PSATMessages {
    struct Claim: Equatable {
        var cluster: String
        var token: String
    }

    static func payload(_ claim: Claim) -> [UInt8] {
        let message: JSONValue = ["cluster": .string(claim.cluster), "token": .string(claim.token)]
        return message.bytes()
    }

    static func claim(payload: [UInt8]) throws(AttestationError) -> Claim {
        let message = try JSONValue(message: payload, "failed to unmarshal data payload")
        guard let cluster = message["cluster"]?.string, !cluster.isEmpty else {
            throw AttestationError(.invalidArgument, "missing cluster in attestation data")
        }
        guard let token = message["token"]?.string, !token.isEmpty else {
            throw AttestationError(.invalidArgument, "missing token in attestation data")
        }
        return Claim(cluster: cluster, token: token)
    }
}
