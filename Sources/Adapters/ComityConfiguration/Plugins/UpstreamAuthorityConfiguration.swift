// SPDX-License-Identifier: Apache-2.0

/// What stands above the server's authorities.
package enum UpstreamAuthorityConfiguration: Sendable, Hashable {
    /// - Parameter bundlePath: nil when the certificate is the root.
    case disk(certificatePath: String, keyPath: String, bundlePath: String?)
    /// - Parameter workloadAPISocket: the path of a Unix socket.
    case spire(host: String, port: Int, workloadAPISocket: String)

    init?(_ plugin: PluginConfiguration, _ faults: FaultCollector) {
        let section = plugin.section(faults)
        let configuration = plugin.name == "disk" ? Self.disk(section) : Self.spire(section)
        section.reportUnknownKeys(.error)
        guard let configuration else { return nil }
        self = configuration
    }

    private static func disk(_ section: ConfigurationSection) -> UpstreamAuthorityConfiguration? {
        let certificate = section.required("cert_file_path")
        let key = section.required("key_file_path")
        let bundle = section.text("bundle_file_path")?.value
        guard let certificate, let key else { return nil }
        return .disk(certificatePath: certificate, keyPath: key, bundlePath: bundle)
    }

    private static func spire(_ section: ConfigurationSection) -> UpstreamAuthorityConfiguration? {
        let host = section.required("server_address")
        let port = section.port("server_port")
        if port == nil, section.text("server_port") == nil {
            section.faults.error("\(section.path("server_port")) must be configured", at: section.place)
        }
        let socket = section.required("workload_api_socket")
        if let experimental = section.section("experimental") {
            for key in ["workload_api_named_pipe_name", "require_pq_kem"] { experimental.unsupported(key) }
            experimental.reportUnknownKeys(.error)
        }
        guard let host, let port, let socket else { return nil }
        return .spire(host: host, port: port, workloadAPISocket: socket)
    }
}

extension ConfigurationSection {
    fileprivate func required(_ key: String) -> String? {
        requiredText(key, missing: "\(path(key)) must be configured")?.value
    }
}
