// SPDX-License-Identifier: Apache-2.0

package import ComityAuthority
import Synchronization

/// The issuers of the moment. Reading never waits for a rotation.
package final class IssuerSource: Sendable {
    private struct State {
        var x509: X509Issuer?
        var jwt: JWTIssuer?
    }

    private let state = Mutex(State())

    package init() {}

    /// - Throws: ``AuthorityError`` with code `notReady` before the first authority is active.
    package var x509: X509Issuer {
        get throws(AuthorityError) {
            guard let issuer = state.withLock({ $0.x509 }) else {
                throw AuthorityError(.notReady, "X509 CA is not available for signing")
            }
            return issuer
        }
    }

    /// - Throws: ``AuthorityError`` with code `notReady` before the first key is active.
    package var jwt: JWTIssuer {
        get throws(AuthorityError) {
            guard let issuer = state.withLock({ $0.jwt }) else {
                throw AuthorityError(.notReady, "JWT key is not available for signing")
            }
            return issuer
        }
    }

    package func use(_ issuer: X509Issuer) {
        state.withLock { $0.x509 = issuer }
    }

    package func use(_ issuer: JWTIssuer) {
        state.withLock { $0.jwt = issuer }
    }
}
