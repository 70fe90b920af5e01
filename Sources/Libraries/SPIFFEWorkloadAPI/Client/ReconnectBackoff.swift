// SPDX-License-Identifier: Apache-2.0

/// How long to wait before a stream is opened again: a step more after each failure, up to a maximum.
public struct ReconnectBackoff: Hashable, Sendable {
    /// The first wait, and what each further one is longer by.
    public var step: Duration

    /// The longest wait.
    public var maximum: Duration

    /// Waits 1 s, 2 s, 3 s and so on up to 30 s unless told otherwise, as other SPIFFE libraries do.
    public init(step: Duration = .seconds(1), maximum: Duration = .seconds(30)) {
        self.step = step
        self.maximum = maximum
    }
}
