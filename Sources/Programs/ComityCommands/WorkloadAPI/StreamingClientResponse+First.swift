// SPDX-License-Identifier: Apache-2.0

import GRPCCore

extension StreamingClientResponse where Message: Sendable {
    /// The first message of a stream, which is all that a command waits for.
    ///
    /// - Throws: The refusal of the agent, or an error when it sends nothing.
    func first(_ what: String) async throws -> Message {
        for try await message in messages { return message }
        throw CommandError(.answer, "the agent ended the stream without \(what)")
    }
}
