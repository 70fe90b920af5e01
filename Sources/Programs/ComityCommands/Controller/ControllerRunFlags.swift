// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityController
import ComityTelemetry
import SPIFFE

/// The flags of the controller: those of the upstream controller, and ours.
struct ControllerRunFlags: ParsableArguments {
    private static let levels: [String: LogLevel] = [
        "debug": .debug, "info": .info, "warn": .warning, "error": .error, "panic": .error,
    ]
    private static let encoders: [String: LogFormat] = ["console": .standard, "json": .json]

    @Option(name: .flag("config"), help: "Path to the configuration file, a ControllerManagerConfig.")
    var config = ""

    @Flag(name: .flag("expand-env"), help: "Expand environment variables in the configuration file.")
    var expandEnv = false

    @Option(name: .flag("spire-api-socket"), help: "Path to the server's API socket when the file names none.")
    var spireAPISocket = ""

    @Option(name: .flag("kubeconfig"), help: "Path to a kubeconfig; needed only outside of the cluster.")
    var kubeconfig = ""

    @Option(name: .flag("zap-log-level"), help: "Logs at this level and above: debug, info, warn, error or a number.")
    var zapLogLevel = ""

    @Option(name: .flag("zap-encoder"), help: "Format of the log: console or json.")
    var zapEncoder = ""

    @Flag(name: .flag("zap-devel"), help: "Has no effect.")
    var zapDevel = false

    @Option(name: .flag("zap-stacktrace-level"), help: "Has no effect.")
    var zapStacktraceLevel = ""

    @Option(name: .flag("zap-time-encoding"), help: "Has no effect.")
    var zapTimeEncoding = ""

    @Flag(name: .flag("dry-run"), help: "Print what would be done, and do nothing.")
    var dryRun = false

    @Flag(name: .flag("allow-mass-deletion"), help: "Delete what nobody declares any more, however much it is.")
    var allowMassDeletion = false

    /// - Throws: ``CommandError`` with code `input`.
    func read() throws(CommandError) -> ControllerFlags {
        var flags = ControllerFlags()
        flags.config = config
        flags.expandsEnvironment = expandEnv
        flags.serverSocketPath = spireAPISocket
        flags.kubeconfig = kubeconfig
        flags.isDryRun = dryRun
        flags.allowsMassDeletion = allowMassDeletion
        if !zapLogLevel.isEmpty { flags.logLevel = try level(zapLogLevel) }
        if !zapEncoder.isEmpty {
            guard let format = Self.encoders[zapEncoder.lowercased()] else {
                throw CommandError(
                    .input, "invalid value \(zapEncoder.quoted) for flag -zap-encoder: must be console or json")
            }
            flags.logFormat = format
        }
        return flags
    }

    private func level(_ text: String) throws(CommandError) -> LogLevel {
        // Numbers are verbosities: the higher, the more.
        if let number = Int(text), number > 0 { return .debug }
        guard let level = Self.levels[text.lowercased()] else {
            throw CommandError(
                .input,
                "invalid value \(text.quoted) for flag -zap-log-level: must be debug, info, warn, error or a number "
                    + "above 0")
        }
        return level
    }
}
