// SPDX-License-Identifier: Apache-2.0

package import ComityAuthority
package import ComityTelemetry
package import FoundationEssentials
import Synchronization

/// The issuers of the moment. Reading never waits for a rotation.
package final class IssuerSource: Sendable {
    private struct State {
        var x509: X509Issuer?
        var jwt: JWTIssuer?
    }

    private let state = Mutex(State())
    private let instruments: Instruments

    package init(instruments: Instruments = .none) {
        self.instruments = instruments
    }

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

    // MARK: - Signing

    package func issue(_ template: X509SVIDTemplate, now: Date) throws(AuthorityError) -> IssuedX509SVID {
        try counted(.x509SVIDSigned) { () throws(AuthorityError) in try x509.issue(template, now: now) }
    }

    /// - Parameter sign: Signs by the issuer of the moment.
    package func issueCA(
        _ sign: (X509Issuer) throws(AuthorityError) -> [[UInt8]]
    ) throws(AuthorityError) -> [[UInt8]] {
        try counted(.x509CASVIDSigned) { () throws(AuthorityError) in try sign(x509) }
    }

    /// - Parameter sign: Signs by the issuer of the moment.
    package func issueJWT(
        _ sign: (JWTIssuer) throws(AuthorityError) -> IssuedJWTSVID
    ) throws(AuthorityError) -> IssuedJWTSVID {
        try counted(.jwtSVIDSigned) { () throws(AuthorityError) in try sign(jwt) }
    }

    private func counted<Value>(
        _ name: MetricName, _ sign: () throws(AuthorityError) -> Value
    ) throws(AuthorityError) -> Value {
        let value = try instruments.span(name, sign)
        instruments.count(name)
        return value
    }
}
