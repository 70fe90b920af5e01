// SPDX-License-Identifier: Apache-2.0

extension AgentConfiguration {
    /// The flags of `agent run` and `validate`; the zero of a kind leaves the file's value.
    package struct Overrides: Sendable, Hashable {
        package var allowsUnauthenticatedVerifiers = false
        package var dataDirectory = ""
        package var disablesSDS = false
        package var disablesWorkloadAPI = false
        package var insecureBootstrap = false
        package var joinToken = ""
        package var joinTokenFile = ""
        package var logFile = ""
        package var logFormat = ""
        package var logLevel = ""
        package var showsSourceLocation = false
        package var rebootstrapDelay = ""
        package var rebootstrapMode = ""
        package var serverAddress = ""
        package var serverPort = 0
        package var socketPath = ""
        package var trustBundlePath = ""
        package var trustBundleURL = ""
        package var trustBundleFormat = ""
        package var trustDomain = ""

        package init() {}

        var members: [ConfigurationMember] {
            [
                .flag("allow_unauthenticated_verifiers", allowsUnauthenticatedVerifiers),
                .flag("data_dir", dataDirectory), .flag("disable_sds_api", disablesSDS),
                .flag("disable_workload_api", disablesWorkloadAPI), .flag("insecure_bootstrap", insecureBootstrap),
                .flag("join_token", joinToken), .flag("join_token_file", joinTokenFile), .flag("log_file", logFile),
                .flag("log_format", logFormat), .flag("log_level", logLevel),
                .flag("log_source_location", showsSourceLocation), .flag("rebootstrap_delay", rebootstrapDelay),
                .flag("rebootstrap_mode", rebootstrapMode), .flag("server_address", serverAddress),
                .flag("server_port", serverPort), .flag("socket_path", socketPath),
                .flag("trust_bundle_path", trustBundlePath), .flag("trust_bundle_url", trustBundleURL),
                .flag("trust_bundle_format", trustBundleFormat), .flag("trust_domain", trustDomain),
            ].compactMap(\.self)
        }
    }
}
