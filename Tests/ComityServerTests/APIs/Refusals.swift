// SPDX-License-Identifier: Apache-2.0

import GRPCCore
import Testing

/// Calls, and expects the call to end with this code and text.
func expectRefusal(
    _ code: RPCError.Code, _ message: String, _ call: () async throws -> some Sendable,
    sourceLocation: SourceLocation = #_sourceLocation
) async {
    do {
        _ = try await call()
        Issue.record("was not refused: \(message)", sourceLocation: sourceLocation)
    } catch let error as RPCError {
        #expect(error.code == code, sourceLocation: sourceLocation)
        #expect(error.message == message, sourceLocation: sourceLocation)
    } catch {
        Issue.record(error, sourceLocation: sourceLocation)
    }
}

extension ServerContext {
    /// The context of a call that came from nowhere.
    static var test: ServerContext {
        ServerContext(
            descriptor: MethodDescriptor(fullyQualifiedService: "test.Service", method: "Method"),
            remotePeer: "test:1", localPeer: "test:2", cancellation: RPCCancellationHandle())
    }
}
