// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import SPIFFE

/// The time for which an answer holds.
struct TimeFlags: ParsableArguments {
    @Option(name: .flag("at"), help: "The time to check for, such as 2026-01-02T15:04:05Z; now when left out.")
    var at = ""

    /// - Throws: ``CommandError`` with code `input`.
    func date() throws(CommandError) -> Date {
        guard !at.isEmpty else { return Date() }
        guard let date = try? Date(at, strategy: .iso8601) else {
            throw CommandError(.input, "invalid time \(at.quoted) for -at: write it like 2026-01-02T15:04:05Z")
        }
        return date
    }
}
