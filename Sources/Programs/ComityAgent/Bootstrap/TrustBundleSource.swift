// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

/// Where an agent that knows nothing yet learns whom to believe.
package enum TrustBundleSource: Hashable, Sendable {
    case file(path: String, BundleFormat)
    /// An `https` URL, authenticated by the system's roots.
    case url(String, BundleFormat)
    /// Believes the first server that bears the right name.
    case insecure
}
