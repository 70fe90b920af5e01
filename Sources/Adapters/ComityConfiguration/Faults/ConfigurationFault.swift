// SPDX-License-Identifier: Apache-2.0

/// One thing that is wrong with a configuration.
package struct ConfigurationFault: Error, Sendable, Hashable {
    package enum Severity: String, Sendable, Hashable {
        /// The program does not start.
        case error
        /// The program starts and logs the message.
        case warning
    }

    package var severity: Severity
    /// The file as the user named it.
    package var file: String
    /// Nil when the fault is not at one place of the file.
    package var place: ConfigurationPlace?
    /// SPIRE's words where SPIRE has words for it.
    package var message: String
    /// What to do about it.
    package var cure: String?

    package init(
        _ severity: Severity, file: String, place: ConfigurationPlace?, message: String, cure: String? = nil
    ) {
        self.severity = severity
        self.file = file
        self.place = place
        self.message = message
        self.cure = cure
    }
}

extension ConfigurationFault: CustomStringConvertible {
    /// `server.conf:3:5: error: message`, and the cure on a line of its own.
    package var description: String {
        let origin =
            switch place {
            case nil: file
            case .commandLine: "command line"
            case .some(let place): "\(file):\(place)"
            }
        let hint = cure.map { "\n    hint: \($0)" } ?? ""
        // What is of no file reads as SPIRE's line.
        let label = origin.isEmpty && severity == .error ? "" : "\(severity.rawValue): "
        return "\(origin.isEmpty ? "" : "\(origin): ")\(label)\(message)\(hint)"
    }
}
