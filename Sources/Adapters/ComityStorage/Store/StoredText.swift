// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import SPIFFE

extension String {
    /// Neither database keeps NUL in a text: such a text would be stored, or found, as another one.
    var isStorable: Bool { !utf8.contains(0) }

    func requireStorable(as name: String) throws(RegistryError) {
        guard isStorable else { throw RegistryError(.invalidArgument, "\(name) contains a NUL byte") }
    }
}

/// Makes values of stored texts. They were checked when they went in, so a failure means a damaged database.
enum StoredText {
    static func spiffeID(_ text: String) throws(RegistryError) -> SPIFFEID {
        do { return try SPIFFEID(text) } catch { throw damaged("SPIFFE ID", text, error) }
    }

    static func trustDomain(_ text: String) throws(RegistryError) -> TrustDomain {
        do { return try TrustDomain(text) } catch { throw damaged("trust domain", text, error) }
    }

    static func selector(_ text: String) throws(RegistryError) -> Selector {
        do { return try Selector(text) } catch { throw damaged("selector", text, error) }
    }

    static func damaged(_ kind: String, _ text: String, _ cause: (any Error)?) -> RegistryError {
        RegistryError(.internalError, "database holds an invalid \(kind) \"\(text)\"", cause: cause)
    }
}
