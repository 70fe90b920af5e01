// SPDX-License-Identifier: Apache-2.0

/// What is logged, how, and where to.
package struct LogSettings: Sendable, Hashable {
    package var level: LogLevel
    package var format: LogFormat
    /// A file that lines are appended to; standard output when nil.
    package var file: String?
    /// Adds `func` and `file` to each line.
    package var showsSourceLocation: Bool

    package init(
        level: LogLevel = .info, format: LogFormat = .standard, file: String? = nil, showsSourceLocation: Bool = false
    ) {
        self.level = level
        self.format = format
        self.file = file
        self.showsSourceLocation = showsSourceLocation
    }
}
