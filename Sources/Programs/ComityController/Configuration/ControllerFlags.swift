// SPDX-License-Identifier: Apache-2.0

package import ComityTelemetry

/// What the command line says beside the configuration file.
package struct ControllerFlags: Hashable, Sendable {
    /// Empty when no file is named.
    package var config = ""
    package var expandsEnvironment = false
    /// Used when the file names no socket.
    package var serverSocketPath = ""
    package var kubeconfig = ""
    /// These two win over the file.
    package var logLevel: LogLevel?
    package var logFormat: LogFormat?
    package var isDryRun = false
    package var allowsMassDeletion = false

    package init() {}
}
