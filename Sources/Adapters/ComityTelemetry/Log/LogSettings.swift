// SPDX-License-Identifier: Apache-2.0

/// What is logged, how, and where to.
package struct LogSettings: Sendable, Hashable {
    package var level: LogLevel
    package var format: LogFormat
    /// A file that lines are appended to; standard output when nil.
    package var file: String?
    /// Adds `func` and `file` to each line.
    package var showsSourceLocation: Bool
    /// Without a file, lines go to standard error instead, for a program whose output is something else.
    package var usesStandardError: Bool

    package init(
        level: LogLevel = .info, format: LogFormat = .standard, file: String? = nil, showsSourceLocation: Bool = false,
        usesStandardError: Bool = false
    ) {
        self.level = level
        self.format = format
        self.file = file
        self.showsSourceLocation = showsSourceLocation
        self.usesStandardError = usesStandardError
    }
}
