// SPDX-License-Identifier: Apache-2.0

/// How far an authority has come. It only ever goes forward.
package enum AuthorityStatus: String, Codable, Hashable, Sendable {
    /// In the bundle, not signing yet.
    case prepared = "PREPARED"
    /// The one that signs.
    case active = "ACTIVE"
    /// Does not sign any more; stays in the bundle for what it signed.
    case old = "OLD"
}
