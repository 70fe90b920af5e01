// SPDX-License-Identifier: Apache-2.0

/// What the agent believes in when it sees its server for the first time.
package enum TrustBundleConfiguration: Sendable, Hashable {
    package enum Format: String, Sendable, Hashable, CaseIterable {
        case pem, spiffe
    }

    case file(path: String, Format)
    /// An `https` URL.
    case url(String, Format)
    /// An `http` URL, asked over a Unix socket.
    case unixSocket(path: String, url: String, Format)
    /// The Workload API of another agent, such as `unix:///run/spire/api.sock`.
    case workloadAPI(address: String)
    /// Any server that bears the right name.
    case insecure

    /// Reads the sources, of which there must be exactly one. The texts are SPIRE's.
    init?(in agent: ConfigurationSection) {
        let faults = agent.faults
        let path = agent.text("trust_bundle_path")
        let url = agent.text("trust_bundle_url")
        let isInsecure = agent.flag("insecure_bootstrap") ?? false
        let format = agent.bundleFormat()
        let socket = agent.text("trust_bundle_unix_socket")
        if let workloadAPI = agent.text("trust_bundle_spiffe_workload_api") {
            guard path == nil, url == nil, socket == nil, !isInsecure else {
                faults.error(
                    "only one of insecure_bootstrap, trust_bundle_url, trust_bundle_path, or "
                        + "trust_bundle_spiffe_workload_api can be specified", at: workloadAPI.place)
                return nil
            }
            let address = workloadAPI.value
            self = .workloadAPI(address: address.hasPrefix("/") ? "unix://\(address)" : address)
            return
        }
        switch (isInsecure, path, url) {
        case (true, _?, let url?):
            faults.error(
                "only one of insecure_bootstrap, trust_bundle_url, or trust_bundle_path can be specified, "
                    + "not the three options", at: url.place)
        case (true, nil, let url?):
            faults.error("only one of insecure_bootstrap or trust_bundle_url can be specified, not both", at: url.place)
        case (true, let path?, nil):
            faults.error(
                "only one of insecure_bootstrap or trust_bundle_path can be specified, not both", at: path.place)
        case (false, _?, let url?):
            faults.error("only one of trust_bundle_url or trust_bundle_path can be specified, not both", at: url.place)
        case (false, nil, nil):
            faults.error(
                "trust_bundle_path or trust_bundle_url must be configured unless insecure_bootstrap is set",
                at: agent.place,
                cure: "write the output of `spire-server bundle show` to a file and name it by trust_bundle_path")
        case (true, nil, nil):
            self = .insecure
            return
        case (false, let path?, nil):
            self = .file(path: path.value, format)
            return
        case (false, nil, let url?):
            if let socket {
                guard Self.isUsable(url, overSocket: faults) else { return nil }
                self = .unixSocket(path: socket.value, url: url.value, format)
                return
            }
            guard url.value.lowercased().hasPrefix("https://") else {
                faults.error("trust bundle URL must start with https://", at: url.place)
                return nil
            }
            self = .url(url.value, format)
            return
        }
        return nil
    }

    /// The agent adds parameters of its own, which no other may be mistaken for.
    private static func isUsable(_ url: Setting<String>, overSocket faults: FaultCollector) -> Bool {
        guard url.value.lowercased().hasPrefix("http://") else {
            faults.error(
                "trust bundle URL must start with http:// when trust_bundle_unix_socket is set", at: url.place)
            return false
        }
        let parameters = url.value.split(separator: "?", maxSplits: 1).dropFirst().first?.split(separator: "&") ?? []
        guard !parameters.contains(where: { $0.hasPrefix("spire-") || $0.hasPrefix("spiffe-") }) else {
            faults.error("trust bundle URL parameters must not start with spire- or spiffe-", at: url.place)
            return false
        }
        return true
    }
}

extension ConfigurationSection {
    fileprivate func bundleFormat() -> TrustBundleConfiguration.Format {
        guard let setting = text("trust_bundle_format") else { return .pem }
        if let format = TrustBundleConfiguration.Format(rawValue: setting.value) { return format }
        faults.error("invalid value for trust_bundle_format, expected \"pem\" or \"spiffe\"", at: setting.place)
        return .pem
    }
}
