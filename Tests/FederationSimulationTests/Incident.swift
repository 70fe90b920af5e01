// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation

/// What goes wrong, or is done by an operator, at odd times.
struct Incident {
    enum Kind: CaseIterable {
        /// The endpoint cannot be reached.
        case down
        /// It answers, late.
        case slow
        /// It serves what it served some time ago.
        case stale
        /// It serves what is no bundle.
        case damaged
        /// It serves a bundle that holds keys of another trust domain.
        case theft
        /// It serves a bundle of which a key has become unreadable.
        case maimed
        /// The server starts anew from its disk, perhaps in the middle of a rotation.
        case restart
        /// The clock goes up to a minute wrong.
        case skew
        case prepare, activate
        /// An operator sets a partner's bundle by hand, as it is or as it once was.
        case setBundle
    }

    var kind: Kind
    /// The domain that it happens to, by its place among all.
    var domain: Int
    var duration: TimeInterval

    static func random(domains: Int, _ random: inout SeededGenerator) -> Incident {
        let kinds = Kind.allCases
        return Incident(
            kind: kinds[Int.random(in: kinds.indices, using: &random)],
            domain: Int.random(in: 0..<domains, using: &random),
            // From ten minutes to two and a half days, each length as likely as its double.
            duration: 600 * exp2(Double.random(in: 0...8.5, using: &random)))
    }
}
