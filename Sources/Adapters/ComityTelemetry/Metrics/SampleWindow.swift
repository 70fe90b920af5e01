// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// What was measured: number and sum of all, and of the last minute how it is distributed.
struct SampleWindow: Sendable {
    static let age: TimeInterval = 60
    /// Of the last minute at most so many are kept.
    static let capacity = 512

    private struct Measurement: Sendable {
        var value: Double
        var time: Date
    }

    private(set) var count: UInt64 = 0
    private(set) var sum = 0.0
    private var recent: [Measurement] = []
    /// Where the oldest is once all places are taken.
    private var oldest = 0

    mutating func add(_ value: Double, at now: Date) {
        count += 1
        sum += value
        let measurement = Measurement(value: value, time: now)
        guard recent.count == Self.capacity else { return recent.append(measurement) }
        recent[oldest] = measurement
        oldest = (oldest + 1) % Self.capacity
    }

    /// The values that these shares of the recent ones do not exceed; not numbers when there are none.
    func quantiles(_ shares: [Double], now: Date) -> [Double] {
        let values = recent.filter { now.timeIntervalSince($0.time) <= Self.age }.map(\.value).sorted()
        return shares.map { share in
            values.isEmpty ? .nan : values[min(values.count - 1, Int(share * Double(values.count)))]
        }
    }
}
