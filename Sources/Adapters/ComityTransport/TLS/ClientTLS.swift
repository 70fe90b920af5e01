// SPDX-License-Identifier: Apache-2.0

package import X509

/// Whom a client believes to be the server and how it proves itself.
package struct ClientTLS: Sendable {
    /// Throws unless these certificates (leaf first) are the wanted server's. Called in each handshake; look the trusted
    /// bundle up inside.
    package typealias ServerVerification = @Sendable (_ certificates: [Certificate]) async throws -> Void

    package var verifyServer: ServerVerification

    /// What is presented, asked anew for each connection; `nil` presents nothing.
    package var identity: @Sendable () -> TLSIdentity?

    package init(
        identity: @escaping @Sendable () -> TLSIdentity? = { nil }, verifyServer: @escaping ServerVerification
    ) {
        self.identity = identity
        self.verifyServer = verifyServer
    }
}
