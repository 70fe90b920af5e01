// SPDX-License-Identifier: Apache-2.0

import WorkloadAPIProtos

/// JWT-SVIDs of the Workload API for people.
enum JWTSVIDText {
    static func answer(_ svids: Workload_JWTSVIDResponse, _ bundles: Workload_JWTBundlesResponse) -> String {
        let tokens = svids.svids.map { svid in
            "token(\(svid.spiffeID)):\n\t\(svid.svid)\n"
                + (svid.hint.isEmpty ? "" : "hint(\(svid.spiffeID)):\n\t\(svid.hint)\n")
        }
        let keys = bundles.bundles.sorted { $0.key < $1.key }.map { id, bytes in
            "bundle(\(id)):\n\t\(String(decoding: bytes, as: UTF8.self))\n"
        }
        return (tokens + keys).joined()
    }
}
