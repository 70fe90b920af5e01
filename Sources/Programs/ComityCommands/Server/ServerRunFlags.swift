// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityConfiguration
import Foundation

/// The flags of `server run` and `server validate`, and the configuration that they lead to.
struct ServerRunFlags: ParsableArguments {
    @OptionGroup var log: LogFlags

    @Option(name: .flag("config"), help: "Path to the configuration file (conf/server/server.conf).")
    var config = ""

    @Option(name: .flag("dataDir"), help: "Directory to store runtime data to.")
    var dataDir = ""

    @Option(name: .flag("bindAddress"), help: "IP address or DNS name of the server.")
    var bindAddress = ""

    @Option(name: .flag("serverPort"), help: "Port number of the server.")
    var serverPort = 0

    @Option(name: .flag("socketPath"), help: "Path to bind the API socket to.")
    var socketPath = ""

    @Option(name: .flag("trustDomain"), help: "The trust domain that this server belongs to.")
    var trustDomain = ""

    /// - Throws: `ConfigurationFaults`, all at once.
    func load() throws -> LoadedConfiguration<ServerConfiguration> {
        var overrides = ServerConfiguration.Overrides()
        overrides.bindAddress = bindAddress
        overrides.bindPort = serverPort
        overrides.dataDirectory = dataDir
        overrides.logFile = log.logFile
        overrides.logFormat = log.logFormat
        overrides.logLevel = log.logLevel
        overrides.showsSourceLocation = log.logSourceLocation
        overrides.socketPath = socketPath
        overrides.trustDomain = trustDomain
        return try ServerConfiguration.load(
            path: config, overrides: overrides,
            expanding: log.expandEnv ? ProcessInfo.processInfo.environment : nil)
    }
}
