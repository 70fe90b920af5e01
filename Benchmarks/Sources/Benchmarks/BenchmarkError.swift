// SPDX-License-Identifier: Apache-2.0

/// Why there is nothing to measure.
struct BenchmarkError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}
