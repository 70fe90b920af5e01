// SPDX-License-Identifier: Apache-2.0

extension ServerConfiguration {
    /// The flags of `server run` and `validate`; the zero of a kind leaves the file's value.
    package struct Overrides: Sendable, Hashable {
        package var bindAddress = ""
        package var bindPort = 0
        package var dataDirectory = ""
        package var logFile = ""
        package var logFormat = ""
        package var logLevel = ""
        package var showsSourceLocation = false
        package var socketPath = ""
        package var trustDomain = ""

        package init() {}

        var members: [ConfigurationMember] {
            [
                .flag("bind_address", bindAddress), .flag("bind_port", bindPort), .flag("data_dir", dataDirectory),
                .flag("log_file", logFile), .flag("log_format", logFormat), .flag("log_level", logLevel),
                .flag("log_source_location", showsSourceLocation), .flag("socket_path", socketPath),
                .flag("trust_domain", trustDomain),
            ].compactMap(\.self)
        }
    }
}
