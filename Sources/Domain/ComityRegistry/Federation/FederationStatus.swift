// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import SPIFFE

/// What polling has taught about one relationship, static or dynamic.
package struct FederationStatus: Hashable, Sendable {
    package var trustDomain: TrustDomain
    package var lastSuccess: Date?
    package var lastAttempt: Date?
    package var nextAttempt: Date?
    /// When polling last brought another bundle than was stored.
    package var lastChange: Date?
    /// `nil` while the last attempt succeeded.
    package var lastFailure: FederationFailure?
    package var consecutiveFailures: UInt32 = 0
    /// The sequence number the endpoint last sent, accepted or not.
    package var sequenceNumber: UInt64?

    package init(trustDomain: TrustDomain) {
        self.trustDomain = trustDomain
    }
}
