// SPDX-License-Identifier: Apache-2.0

/// Gathers faults while one configuration is decoded, so that they can be reported together.
final class FaultCollector {
    private let file: String
    private var faults: [ConfigurationFault] = []

    init(file: String) {
        self.file = file
    }

    /// What was found, in the order of the file.
    var sorted: [ConfigurationFault] {
        let start = ConfigurationPlace(line: 1, column: 1)
        return faults.enumerated().sorted { left, right in
            (left.element.place ?? start, left.offset) < (right.element.place ?? start, right.offset)
        }.map(\.element)
    }

    var errorCount: Int {
        faults.count { $0.severity == .error }
    }

    func error(_ message: String, at place: ConfigurationPlace?, cure: String? = nil) {
        faults.append(ConfigurationFault(.error, file: file, place: place, message: message, cure: cure))
    }

    func warning(_ message: String, at place: ConfigurationPlace?, cure: String? = nil) {
        faults.append(ConfigurationFault(.warning, file: file, place: place, message: message, cure: cure))
    }
}
