// SPDX-License-Identifier: Apache-2.0

/// What becomes of a foreign bundle when its resource is deleted.
package enum BundleRetention: String, CaseIterable, Hashable, Sendable {
    /// It stays, and workloads go on trusting the trust domain; upstream's way.
    case retain
    /// It is deleted, and entries no longer federate with the trust domain.
    case dissolve
}
