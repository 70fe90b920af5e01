// SPDX-License-Identifier: Apache-2.0

package import ComityTelemetry
package import Logging

/// Something wrong with what is declared: a line of the log, told once until it is gone.
package struct Problem: Hashable, Sendable {
    package var level: Logger.Level
    package var message: String
    package var fields: [LogKey: String]

    package init(_ level: Logger.Level, _ message: String, _ fields: [LogKey: String]) {
        self.level = level
        self.message = message
        self.fields = fields
    }
}
