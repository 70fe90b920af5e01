// SPDX-License-Identifier: Apache-2.0

/// What the agent believes in when it sees its server for the first time.
package enum TrustBundleConfiguration: Sendable, Hashable {
    package enum Format: String, Sendable, Hashable, CaseIterable {
        case pem, spiffe
    }

    case file(path: String, Format)
    /// An `https` URL.
    case url(String, Format)
    /// Any server that bears the right name.
    case insecure

    /// Reads the sources, of which there must be exactly one. The texts are SPIRE's.
    init?(in agent: ConfigurationSection) {
        let faults = agent.faults
        let path = agent.text("trust_bundle_path")
        let url = agent.text("trust_bundle_url")
        let isInsecure = agent.flag("insecure_bootstrap") ?? false
        let format = agent.bundleFormat()
        agent.unsupported("trust_bundle_unix_socket")
        agent.unsupported("trust_bundle_spiffe_workload_api")
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
            guard url.value.lowercased().hasPrefix("https://") else {
                faults.error("trust bundle URL must start with https://", at: url.place)
                return nil
            }
            self = .url(url.value, format)
            return
        }
        return nil
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
