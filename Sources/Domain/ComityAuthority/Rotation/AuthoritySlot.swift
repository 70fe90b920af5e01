// SPDX-License-Identifier: Apache-2.0

/// One of the two places where a kind of authority keeps its key. A new key takes the place that is not in use.
package enum AuthoritySlot: String, CaseIterable, Codable, Hashable, Sendable {
    case a = "A"
    case b = "B"

    package var other: AuthoritySlot {
        switch self {
        case .a: .b
        case .b: .a
        }
    }

    /// The name under which the key manager keeps the key.
    package func keyID(_ kind: AuthorityKind) -> String {
        switch kind {
        case .x509: "x509-CA-\(rawValue)"
        case .jwt: "JWT-Signer-\(rawValue)"
        }
    }
}
