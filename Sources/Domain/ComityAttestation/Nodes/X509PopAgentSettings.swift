// SPDX-License-Identifier: Apache-2.0

/// The certificate and key that `x509pop` proves a node by.
package enum X509PopAgentSettings: Hashable, Sendable {
    /// PEM files: the leaf and intermediates, the leaf's key, and further intermediates.
    case files(certificatePath: String, keyPath: String, intermediatesPath: String?)
    /// The default X509-SVID of the Workload API at this address, such as `unix:///run/spire/api.sock`.
    case workloadAPI(address: String)
}
