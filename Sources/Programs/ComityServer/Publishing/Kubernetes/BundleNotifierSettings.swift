// SPDX-License-Identifier: Apache-2.0

/// Which objects of a cluster `k8sbundle` gives the X.509 authorities to.
package struct BundleNotifierSettings: Hashable, Sendable {
    /// `nil` for the cluster that the server runs in.
    package var kubeconfigPath: String?
    package var namespace = "spire"
    package var configMap = "spire-bundle"
    package var configMapKey = "bundle.crt"
    /// Webhook configurations that have this label set to `true` get the authorities.
    package var webhookLabel: String?
    /// The same of API services.
    package var apiServiceLabel: String?

    package init() {}
}
