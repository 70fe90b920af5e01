// SPDX-License-Identifier: Apache-2.0

/// Where and how the own bundle is served to the world.
package struct BundleEndpointSettings: Hashable, Sendable {
    package enum Profile: Hashable, Sendable {
        /// The endpoint proves itself with the server's X509-SVID.
        case httpsSPIFFE
        /// The endpoint proves itself with a certificate from files, looked at again every so often.
        case httpsWeb(certificatePath: String, keyPath: String, interval: Duration)
    }

    /// An IP address; `nil` is all interfaces.
    package var address: String?
    /// 0 lets the system choose one.
    package var port: Int
    package var profile: Profile
    /// In seconds.
    package var refreshHint: Int64

    package init(address: String? = nil, port: Int, profile: Profile = .httpsSPIFFE, refreshHint: Int64 = 300) {
        self.address = address
        self.port = port
        self.profile = profile
        self.refreshHint = refreshHint
    }
}
