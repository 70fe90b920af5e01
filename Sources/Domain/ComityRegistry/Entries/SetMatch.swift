// SPDX-License-Identifier: Apache-2.0

/// How a stored set must relate to a given one.
package struct SetMatch<Element: Hashable & Sendable>: Hashable, Sendable {
    package enum Behavior: Hashable, Sendable {
        /// Equal to the given set.
        case exact
        /// Not empty, and every stored element is given.
        case subset
        /// Contains all given elements.
        case superset
        /// Shares at least one element.
        case any
    }

    package var elements: Set<Element>
    package var behavior: Behavior

    package init(_ elements: Set<Element>, _ behavior: Behavior) {
        self.elements = elements
        self.behavior = behavior
    }

    package func matches(_ stored: Set<Element>) -> Bool {
        switch behavior {
        case .exact: stored == elements
        case .subset: !stored.isEmpty && stored.isSubset(of: elements)
        case .superset: stored.isSuperset(of: elements)
        case .any: !stored.isDisjoint(with: elements)
        }
    }
}
