// SPDX-License-Identifier: Apache-2.0

/// SplitMix64: the same numbers in every run.
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// Changes some bytes: replaces, removes, inserts, repeats or cuts off.
    package mutating func mutate(_ original: [UInt8]) -> [UInt8] {
        var bytes = original
        for _ in 0...Int.random(in: 0..<4, using: &self) {
            let position = Int.random(in: 0...bytes.count, using: &self)
            let rest = bytes.count - position
            switch Int.random(in: 0..<5, using: &self) {
            case 0 where rest > 0: bytes[position] = UInt8.random(in: 0...255, using: &self)
            case 1 where rest > 0:
                bytes.removeSubrange(position..<position + min(rest, Int.random(in: 1...8, using: &self)))
            case 2: bytes.insert(UInt8.random(in: 0...255, using: &self), at: position)
            case 3 where rest > 0: bytes.insert(contentsOf: bytes[position..<position + min(rest, 32)], at: position)
            default: bytes.removeSubrange(max(position, bytes.count / 2)...)
            }
        }
        return bytes
    }
}
