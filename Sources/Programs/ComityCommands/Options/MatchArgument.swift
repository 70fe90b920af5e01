// SPDX-License-Identifier: Apache-2.0

import SPIFFE
import ServerAPIProtos

/// How a filter compares sets: `exact`, `any`, `superset` or `subset`.
enum MatchArgument: String {
    case exact, any, superset, subset

    var selectors: Spire_Api_Types_SelectorMatch.MatchBehavior {
        switch self {
        case .exact: .matchExact
        case .any: .matchAny
        case .superset: .matchSuperset
        case .subset: .matchSubset
        }
    }

    var federatesWith: Spire_Api_Types_FederatesWithMatch.MatchBehavior {
        switch self {
        case .exact: .matchExact
        case .any: .matchAny
        case .superset: .matchSuperset
        case .subset: .matchSubset
        }
    }
}

extension Spire_Api_Types_SelectorMatch {
    /// - Throws: ``CommandError`` with code `input`.
    init(arguments: [String], _ match: MatchArgument) throws(CommandError) {
        self.init()
        for text in arguments { selectors.append(try Spire_Api_Types_Selector(argument: text)) }
        self.match = match.selectors
    }
}
