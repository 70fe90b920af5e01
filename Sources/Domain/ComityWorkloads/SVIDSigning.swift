// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry

/// One X509-SVID that is to be had from the server now.
package struct SVIDSigning: Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        case create, renew
        /// The entry is no longer what its SVID was signed for.
        case update
    }

    package var entry: Entry
    package var reason: Reason

    package init(entry: Entry, reason: Reason) {
        self.entry = entry
        self.reason = reason
    }
}
