// SPDX-License-Identifier: Apache-2.0

import ComityConfiguration

/// Gathers what is wrong with the configuration, so that all of it is told at once.
final class FaultList {
    private let file: String
    private(set) var errors: [ConfigurationFault] = []
    private(set) var warnings: [ConfigurationFault] = []

    init(file: String) {
        self.file = file
    }

    func error(_ path: String, _ message: String, cure: String? = nil) {
        errors.append(fault(.error, path, message, cure))
    }

    func warning(_ path: String, _ message: String, cure: String? = nil) {
        warnings.append(fault(.warning, path, message, cure))
    }

    private func fault(
        _ severity: ConfigurationFault.Severity, _ path: String, _ message: String, _ cure: String?
    ) -> ConfigurationFault {
        ConfigurationFault(severity, file: file, place: nil, message: "\(path) \(message)", cure: cure)
    }
}
