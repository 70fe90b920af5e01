// SPDX-License-Identifier: Apache-2.0

package import Logging

/// The logger of the RPC that the current task works on: it carries the request's fields.
package enum RequestLogger {
    @TaskLocal package static var current = Logger(label: "comity", factory: { _ in SwiftLogNoOpLogHandler() })
}
