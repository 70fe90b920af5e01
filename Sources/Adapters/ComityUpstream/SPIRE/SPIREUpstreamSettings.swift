// SPDX-License-Identifier: Apache-2.0

package import SPIFFEWorkloadAPI

/// Where the server above is, and where this server gets the identity it shows there.
package struct SPIREUpstreamSettings: Hashable, Sendable {
    package var host: String
    package var port: Int
    /// Of an agent of the server above; the identity's entry must be one for a downstream server.
    package var workloadAPI: WorkloadAPIAddress

    package init(host: String, port: Int, workloadAPI: WorkloadAPIAddress) {
        self.host = host
        self.port = port
        self.workloadAPI = workloadAPI
    }
}
