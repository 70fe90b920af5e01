// SPDX-License-Identifier: Apache-2.0

/// The labels of metrics, by the names that SPIRE gives them.
package enum MetricLabel: String, Sendable, Hashable, CaseIterable {
    case attestor
    /// Ours: why a partner's bundle could not be had.
    case `class`
    case host
    case method
    case mode
    /// Ours: the trust domain that a federation gauge is about, as it is written.
    case partner
    /// Ours: which plugin publishes the bundle.
    case plugin
    /// Ours: which part of a controller.
    case reconciler
    /// Ours: of what the controller counts.
    case state
    /// A gRPC status code by its name in Go.
    case status
    case svidType = "svid_type"
    case trustDomain = "trust_domain"
    case trustDomainID = "trust_domain_id"
    case version

    /// What is said of the value as it is; of all others only letters, digits and underscores, as in SPIRE.
    static func isVerbatim(_ name: String) -> Bool {
        name == host.rawValue || name == partner.rawValue
    }
}
