// SPDX-License-Identifier: Apache-2.0

/// What the authorities of a kind are called.
enum AuthorityKindName: String {
    case x509 = "X.509"
    case jwt = "JWT"
}
