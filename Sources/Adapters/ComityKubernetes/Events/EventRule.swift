// SPDX-License-Identifier: Apache-2.0

/// Decides which events are written, so that one object that fails over and over does not fill the API server: what was
/// told before is counted, and one object has so many events.
struct EventRule: Hashable, Sendable {
    enum Action: Hashable, Sendable {
        case create(name: String)
        /// The event is there already; this is how often it has happened by now.
        case count(name: String, Int64)
        case drop
    }

    /// For how long an event is the same as one before.
    static let memory = Duration.seconds(600)
    /// How many events an object may have at once, and after how long one more.
    static let burst = 25.0
    static let refill = Duration.seconds(300)
    /// How many events, and how many objects, are remembered.
    static let maximumRemembered = 4096

    private struct Told: Hashable, Sendable {
        let name: String
        var count: Int64
        var at: ContinuousClock.Instant
    }

    private struct Allowance: Hashable, Sendable {
        var tokens: Double
        var at: ContinuousClock.Instant
    }

    private var told: [EventNote: Told] = [:]
    private var allowances: [EventNote.ObjectReference: Allowance] = [:]

    /// - Parameter suffix: Makes the name of an event one of its own.
    mutating func happened(_ note: EventNote, now: ContinuousClock.Instant, suffix: String) -> Action {
        forget(now)
        guard spend(note.object, now) else { return .drop }
        if var known = told[note], now - known.at <= Self.memory {
            (known.count, known.at) = (known.count + 1, now)
            told[note] = known
            return .count(name: known.name, known.count)
        }
        let name = "\(note.object.key.name.prefix(200)).\(suffix)"
        told[note] = Told(name: name, count: 1, at: now)
        return .create(name: name)
    }

    /// The API server no longer has the event; the next one like it is a new one.
    mutating func vanished(_ note: EventNote) {
        told[note] = nil
    }

    private mutating func spend(_ object: EventNote.ObjectReference, _ now: ContinuousClock.Instant) -> Bool {
        var allowance = allowances[object] ?? Allowance(tokens: Self.burst, at: now)
        allowance.tokens = min(Self.burst, allowance.tokens + (now - allowance.at) / Self.refill)
        allowance.at = now
        defer { allowances[object] = allowance }
        guard allowance.tokens >= 1 else { return false }
        allowance.tokens -= 1
        return true
    }

    /// Lets go of what is old, and of everything when even that is too much.
    private mutating func forget(_ now: ContinuousClock.Instant) {
        if told.count >= Self.maximumRemembered {
            told = told.filter { now - $0.value.at <= Self.memory }
            if told.count >= Self.maximumRemembered { told = [:] }
        }
        if allowances.count >= Self.maximumRemembered {
            allowances = allowances.filter { now - $0.value.at < Self.refill * Self.burst }
            if allowances.count >= Self.maximumRemembered { allowances = [:] }
        }
    }
}
