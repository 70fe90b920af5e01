// SPDX-License-Identifier: Apache-2.0

import SPIFFE
import ServerAPIProtos

typealias AuthorityState = Spire_Api_Server_Localauthority_V1_AuthorityState

/// Local authorities for people.
struct AuthorityText {
    let kind: AuthorityKindName

    /// - Parameter step: What was done, such as `Prepared`.
    func one(_ step: String, _ state: AuthorityState) -> String {
        "\(step) \(kind.rawValue) authority:\n" + block(state)
    }

    func all(active: AuthorityState?, prepared: AuthorityState?, old: AuthorityState?) -> String {
        [("Active", active), ("Prepared", prepared), ("Old", old)].map { name, state in
            let heading = "\(name) \(kind.rawValue) authority:\n"
            guard let state else { return heading + "  No \(name.lowercased()) \(kind.rawValue) authority found\n" }
            return heading + block(state)
        }.joined(separator: "\n")
    }

    private func block(_ state: AuthorityState) -> String {
        let lines = "  Authority ID: \(state.authorityID)\n  Expires at: \(GoTime.utc(state.expiresAt))\n"
        guard kind == .x509 else { return lines }
        let upstream = state.upstreamAuthoritySubjectKeyID
        return lines
            + (upstream.isEmpty
                ? "  Upstream authority ID: No upstream authority\n"
                : "  Upstream authority Subject Key ID: \(upstream)\n")
    }
}

extension Spire_Api_Server_Localauthority_V1_AuthorityState {
    var json: JSONValue {
        .message([
            "authority_id": .string(authorityID), "expires_at": .long(expiresAt),
            "upstream_authority_subject_key_id": .string(upstreamAuthoritySubjectKeyID),
        ])
    }
}
