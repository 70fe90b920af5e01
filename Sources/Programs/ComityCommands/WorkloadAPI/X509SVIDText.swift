// SPDX-License-Identifier: Apache-2.0

import ComityTelemetry
import FoundationEssentials
import SPIFFE
import X509

/// X509-SVIDs of the Workload API for people.
enum X509SVIDText {
    static func answer(
        _ svids: [FetchedX509SVID], federated: [(name: String, certificates: [Certificate])], after elapsed: Duration
    ) -> String {
        let count = GoText.count(svids.count, "svid", "svids")
        let blocks = svids.map { svid in
            "\n" + block(svid)
                + federated.map { authorities($0.certificates, prefix: "[\($0.name)] ") }.joined()
        }
        return "Received \(count) after \(elapsed.goText)\n\(blocks.joined())\n"
    }

    private static func block(_ svid: FetchedX509SVID) -> String {
        let credential = svid.credential
        var text = "SPIFFE ID:\t\t\(credential.id)\n"
        if !credential.hint.isEmpty { text += "Hint:\t\t\t\(credential.hint)\n" }
        text += validity("SVID", credential.leaf)
        for (index, certificate) in credential.certificates.dropFirst().enumerated() {
            text += validity("Intermediate #\(index + 1)", certificate)
        }
        return text + authorities(svid.bundle, prefix: "")
    }

    private static func authorities(_ certificates: [Certificate], prefix: String) -> String {
        certificates.enumerated().map { validity("\(prefix)CA #\($0 + 1)", $1) }.joined()
    }

    private static func validity(_ name: String, _ certificate: Certificate) -> String {
        let start = Int64(certificate.notValidBefore.timeIntervalSince1970)
        let end = Int64(certificate.notValidAfter.timeIntervalSince1970)
        return "\(name) Valid After:\t\(GoTime.utc(start))\n\(name) Valid Until:\t\(GoTime.utc(end))\n"
    }
}
