// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Tracing

/// One RPC from its beginning to its end, which comes once, be it that nobody waits for the answer any more.
final class InstrumentedCall: Sendable {
    private let span: any Span
    private let onEnd: @Sendable ((any Error)?) -> Void
    private let hasEnded = Mutex(false)

    init(span: any Span, onEnd: @escaping @Sendable ((any Error)?) -> Void) {
        self.span = span
        self.onEnd = onEnd
    }

    deinit {
        end(CancellationError())
    }

    /// Lets spans that begin in the work be children of this call's.
    func within<Value>(_ work: () async throws -> Value) async rethrows -> Value {
        try await InstrumentationContext.withValue(span.context) { try await work() }
    }

    func end(_ error: (any Error)?) {
        let isFirst = hasEnded.withLock { value in
            defer { value = true }
            return !value
        }
        guard isFirst else { return }
        span.attributes["rpc.grpc.status"] = GoStatusCode.name(of: error)
        if let error { span.recordError(error) }
        span.end()
        onEnd(error)
    }
}
