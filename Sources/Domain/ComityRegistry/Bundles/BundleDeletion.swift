// SPDX-License-Identifier: Apache-2.0

/// What happens to the entries that federate with a bundle that is deleted.
package enum BundleDeletion: Hashable, Sendable {
    /// Refuse while there are such entries.
    case restrict
    /// Delete the entries too.
    case delete
    /// Keep the entries, without the trust domain.
    case dissociate
}
