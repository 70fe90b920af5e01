// SPDX-License-Identifier: Apache-2.0

extension Array {
    /// The elements in order, by at most so many at a time.
    func batches(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
