// SPDX-License-Identifier: Apache-2.0

public import SPIFFE

/// Has the identity to present in the next handshake.
public protocol X509CredentialSource: Sendable {
    /// The identity of this moment.
    ///
    /// - Throws: ``WorkloadAPIError`` when there is none.
    var credential: X509Credential { get throws(WorkloadAPIError) }
}

extension X509Context: X509CredentialSource {
    /// The default identity, whether it has ended or not.
    ///
    /// - Throws: ``WorkloadAPIError`` with code `noIdentity`.
    public var credential: X509Credential {
        get throws(WorkloadAPIError) {
            guard let defaultCredential else { throw WorkloadAPIError(.noIdentity, "context has no identity") }
            return defaultCredential
        }
    }
}
