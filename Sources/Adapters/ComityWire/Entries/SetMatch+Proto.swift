// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
import SPIFFE
package import ServerAPIProtos

extension SetMatch<Selector> {
    /// - Throws: ``RegistryError`` with code `invalidArgument`.
    package init(_ proto: Spire_Api_Types_SelectorMatch) throws(RegistryError) {
        let selectors = try Set(proto.selectors)
        guard !selectors.isEmpty else { throw RegistryError(.invalidArgument, "empty selector set") }
        switch proto.match {
        case .matchExact: self.init(selectors, .exact)
        case .matchSubset: self.init(selectors, .subset)
        case .matchSuperset: self.init(selectors, .superset)
        case .matchAny: self.init(selectors, .any)
        case .UNRECOGNIZED(let number):
            throw RegistryError(.invalidArgument, "unsupported match behavior \(number)")
        }
    }
}

extension SetMatch<TrustDomain> {
    /// - Throws: ``RegistryError`` with code `invalidArgument`.
    package init(_ proto: Spire_Api_Types_FederatesWithMatch) throws(RegistryError) {
        var trustDomains: Set<TrustDomain> = []
        for name in proto.trustDomains {
            trustDomains.insert(try TrustDomain(wire: name))
        }
        guard !trustDomains.isEmpty else { throw RegistryError(.invalidArgument, "empty trust domain set") }
        switch proto.match {
        case .matchExact: self.init(trustDomains, .exact)
        case .matchSubset: self.init(trustDomains, .subset)
        case .matchSuperset: self.init(trustDomains, .superset)
        case .matchAny: self.init(trustDomains, .any)
        case .UNRECOGNIZED(let number):
            throw RegistryError(.invalidArgument, "unsupported match behavior \(number)")
        }
    }
}
