// SPDX-License-Identifier: Apache-2.0

package import SPIFFE
import Synchronization

/// Turns the credential of the moment into what a handshake needs, and does so once per credential.
package final class TLSIdentitySource: Sendable {
    private struct Prepared {
        let credential: X509Credential
        let identity: TLSIdentity
    }

    private let credential: @Sendable () -> X509Credential?
    private let prepared = Mutex<Prepared?>(nil)

    package init(_ credential: @escaping @Sendable () -> X509Credential?) {
        self.credential = credential
    }

    /// `nil` while there is no credential, or when it cannot be used for TLS.
    package var current: TLSIdentity? {
        guard let credential = credential() else { return nil }
        if let prepared = prepared.withLock({ $0 }), prepared.credential.leaf == credential.leaf {
            return prepared.identity
        }
        guard let identity = try? TLSIdentity(credential) else { return nil }
        prepared.withLock { $0 = Prepared(credential: credential, identity: identity) }
        return identity
    }
}
