// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import SPIFFE
package import ServerAPIProtos

extension Spire_Api_Types_SPIFFEID {
    package init(_ id: SPIFFEID) {
        self.init()
        trustDomain = id.trustDomain.name
        path = id.path
    }
}

extension SPIFFEID {
    /// - Parameter proto: `nil` when the message has none.
    /// - Throws: ``RegistryError`` with code `invalidArgument`.
    package init(_ proto: Spire_Api_Types_SPIFFEID?) throws(RegistryError) {
        guard let proto else { throw RegistryError(.invalidArgument, "request must specify SPIFFE ID") }
        do {
            try self.init(trustDomain: TrustDomain(nameOrID: proto.trustDomain), path: proto.path)
        } catch {
            throw RegistryError(.invalidArgument, error.description)
        }
    }
}

extension TrustDomain {
    /// Reads a name, or an ID as older clients send it.
    ///
    /// - Throws: ``RegistryError`` with code `invalidArgument`.
    package init(wire text: String) throws(RegistryError) {
        do {
            try self.init(nameOrID: text)
        } catch {
            throw RegistryError(.invalidArgument, error.description)
        }
    }
}
