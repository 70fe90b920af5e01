// SPDX-License-Identifier: Apache-2.0

/// What an authority signs.
package enum AuthorityKind: Hashable, Sendable {
    case x509, jwt
}
