// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The terminal or pipe that a command talks to: results to one stream, everything else to the other.
enum Console {
    static func out(_ text: String) {
        write(text, to: STDOUT_FILENO)
    }

    static func error(_ text: String) {
        write(text, to: STDERR_FILENO)
    }

    /// Says what is odd although the command goes on.
    static func warn(_ text: String) {
        error("warning: \(text)\n")
    }

    /// Says what to do next.
    static func hint(_ text: String) {
        error("hint: \(text)\n")
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while let base = rest.baseAddress, !rest.isEmpty {
                let written = Glibc.write(descriptor, base, rest.count)
                if written < 0, errno == EINTR || errno == EAGAIN { continue }
                // Nobody reads on; there is no one left to tell.
                guard written > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[written...])
            }
        }
    }
}
