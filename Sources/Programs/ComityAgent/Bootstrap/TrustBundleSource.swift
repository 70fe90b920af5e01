// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

/// Where an agent that knows nothing yet learns whom to believe.
package enum TrustBundleSource: Hashable, Sendable {
    case file(path: String, BundleFormat)
    /// An `https` URL, authenticated by the system's roots.
    case url(String, BundleFormat)
    /// An `http` URL, asked over a Unix socket.
    case unixSocket(path: String, url: String, BundleFormat)
    /// The Workload API of another agent, such as `unix:///run/spire/api.sock`.
    case workloadAPI(address: String)
    /// Believes the first server that bears the right name.
    case insecure
}
