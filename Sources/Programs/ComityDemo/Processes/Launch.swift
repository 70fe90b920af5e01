// SPDX-License-Identifier: Apache-2.0

/// A process to start and to keep an eye on.
struct Launch: Sendable {
    let name: String
    let arguments: [String]
    /// What it logs to, be it by standard error or by standard output.
    let log: String
    /// Whether its standard output is reports for the ``ReportBoard``.
    var reports = false
}
