// SPDX-License-Identifier: Apache-2.0

/// The two kinds of authority that a trust domain has.
enum AuthorityKind: String, Hashable, Sendable, CaseIterable {
    case x509
    case jwt
}
