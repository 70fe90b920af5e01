// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import ServerAPIProtos

extension Spire_Api_Types_Selector {
    package init(_ selector: Selector) {
        self.init()
        type = selector.type
        value = selector.value
    }
}

extension Selector {
    /// - Throws: ``RegistryError`` with code `invalidArgument`.
    package init(_ proto: Spire_Api_Types_Selector) throws(RegistryError) {
        try self.init(type: proto.type, value: proto.value)
    }
}

extension Set<Selector> {
    /// - Throws: ``RegistryError`` with code `invalidArgument`.
    package init(_ protos: [Spire_Api_Types_Selector]) throws(RegistryError) {
        self.init()
        for proto in protos {
            insert(try Selector(proto))
        }
    }

    /// In a fixed order.
    package var protos: [Spire_Api_Types_Selector] {
        sorted().map { Spire_Api_Types_Selector($0) }
    }
}
