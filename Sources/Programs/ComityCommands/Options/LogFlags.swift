// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// What is logged, and where the configuration comes from: flags of every program that runs.
struct LogFlags: ParsableArguments {
    @Flag(name: .flag("expandEnv"), help: "Expand environment variables in the configuration file.")
    var expandEnv = false

    @Option(name: .flag("logFile"), help: "File to write logs to.")
    var logFile = ""

    @Option(name: .flag("logFormat"), help: "Format of the log: text or json.")
    var logFormat = ""

    @Option(name: .flag("logLevel"), help: "Logs at this level and above: debug, info, warn or error.")
    var logLevel = ""

    @Flag(name: .flag("logSourceLocation"), help: "Include source file and function in log lines.")
    var logSourceLocation = false
}
