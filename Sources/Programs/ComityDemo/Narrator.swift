// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Tells the reader what goes on.
struct Narrator: Sendable {
    private let start = ContinuousClock.now

    /// Seconds since the beginning.
    var elapsed: Duration { .now - start }

    /// Begins a chapter.
    func chapter(_ title: String) {
        write("\n[\(elapsed.secondsText)] \(title)\n")
    }

    /// Tells a fact of the chapter.
    func tell(_ text: String) {
        write("        \(text)\n")
    }

    /// Shows a command as the reader could type it.
    func show(_ command: String) {
        write("      $ \(command)\n")
    }

    func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR || errno == EAGAIN { continue }
            // Nobody reads on; there is no one left to tell.
            guard written > 0 else { return }
            rest = rest.dropFirst(written)
        }
    }
}

extension Duration {
    /// Such as ` 7.3 s`.
    var secondsText: String {
        let tenths = (components.seconds * 10 + components.attoseconds / 100_000_000_000_000_000)
        let text = "\(tenths / 10).\(tenths % 10) s"
        return String(repeating: " ", count: max(0, 6 - text.count)) + text
    }
}
