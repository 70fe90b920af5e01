// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Cuts what a watch sends into lines.
struct LineSplitter {
    let maximumBytes: Int
    private var rest: [UInt8] = []

    init(maximumBytes: Int) {
        self.maximumBytes = maximumBytes
    }

    /// - Returns: The lines that are whole by now, without their ends and without empty ones.
    mutating func lines(with part: ByteBuffer) throws(KubernetesError) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var remaining = part.readableBytesView
        while let end = remaining.firstIndex(of: UInt8(ascii: "\n")) {
            rest += remaining[..<end]
            remaining = remaining[(end + 1)...]
            try check()
            if !rest.isEmpty { lines.append(rest) }
            rest = []
        }
        rest += remaining
        try check()
        return lines
    }

    private func check() throws(KubernetesError) {
        guard rest.count <= maximumBytes else {
            throw KubernetesError(
                status: nil, reason: KubernetesError.Reason.tooLarge,
                "a line of a watch is longer than \(maximumBytes) bytes")
        }
    }
}
