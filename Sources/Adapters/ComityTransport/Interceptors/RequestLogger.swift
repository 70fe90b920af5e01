// SPDX-License-Identifier: Apache-2.0

package import Logging
import Synchronization

/// The logger of the RPC that the current task works on: it carries the request's fields.
package enum RequestLogger {
    @TaskLocal package static var current = Logger(label: "comity", factory: { _ in SwiftLogNoOpLogHandler() })
    @TaskLocal static var lastLine: LastLine?

    /// What the line at the end of an RPC says beyond its logger's fields.
    final class LastLine: Sendable {
        let fields = Mutex<Logger.Metadata>([:])
    }

    /// The logger with more fields, which the line at the end of the RPC gets too.
    package static func learning(_ fields: Logger.Metadata) -> Logger {
        var logger = current
        for (key, value) in fields { logger[metadataKey: key] = value }
        lastLine?.fields.withLock { $0.merge(fields) { $1 } }
        return logger
    }
}
