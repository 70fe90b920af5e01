// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityRegistry
import ComityTelemetry

/// A duration as Go writes it, such as `5s` or `1h30m`.
struct DurationArgument: ExpressibleByArgument, Hashable, Sendable {
    let value: Duration

    init(_ value: Duration) {
        self.value = value
    }

    init?(argument: String) {
        guard let value = try? GoDuration.parse(argument) else { return nil }
        self.value = value
    }

    var defaultValueDescription: String { value.goText }

    /// Whole seconds, rounded up, as far as a request can carry them.
    var seconds: Int32 {
        let (seconds, rest) = value.components
        return Int32(clamping: rest > 0 ? seconds + 1 : seconds)
    }
}
