// SPDX-License-Identifier: Apache-2.0

package import Logging

/// What a pass could not do without: it changes nothing more.
package struct PassError: Error {
    package let message: Logger.Message
    package let cause: any Error

    package init(_ message: Logger.Message, _ cause: any Error) {
        self.message = message
        self.cause = cause
    }

    /// Does a step of a pass.
    static func naming<Value>(_ message: Logger.Message, _ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch {
            throw PassError(message, error)
        }
    }
}
