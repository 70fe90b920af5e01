// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import FoundationEssentials

/// The X509-SVIDs an agent keeps, and which of them are to be signed when.
///
/// The capacity is soft: what open streams need is always kept, the rest goes in order of last use.
package struct SVIDShelf: Sendable {
    private struct Place: Sendable {
        var svid: WorkloadSVID?
        /// The entry the SVID was signed for, as it was then.
        var signedFor: Entry?
        var rotatesAt = Date.distantPast
        /// Signed by an authority that lost trust since.
        var isTainted = false
        var isBeingSigned = false
        var backoff = Backoff.signing
        /// Set while the server refuses this entry.
        var retriesAt: Date?
        var lastUse: Date
    }

    private let capacity: Int
    private let rotation: RotationPolicy
    private var places: [String: Place] = [:]
    private var review = TaintReview()

    package init(capacity: Int, rotation: RotationPolicy) {
        self.capacity = capacity
        self.rotation = rotation
    }

    package var count: Int { places.count }
    package var hasRoom: Bool { places.count < capacity }
    package var isOverfull: Bool { places.count > capacity }

    /// Makes sure the entry's SVID is signed and stays fresh.
    package mutating func keep(_ entryID: String, now: Date) {
        places[entryID, default: Place(lastUse: now)].lastUse = now
    }

    package mutating func remove(_ entryID: String) {
        places[entryID] = nil
    }

    /// A changed entry is asked for at once, even if the server refused it as it was.
    package mutating func entryChanged(_ entryID: String) {
        places[entryID]?.retriesAt = nil
        places[entryID]?.backoff.attemptSucceeded()
    }

    /// Begins to renew the SVIDs that these keys signed.
    ///
    /// - Parameter keyIDs: Hex subject key identifiers.
    /// - Returns: How many there are.
    package mutating func distrust(_ keyIDs: Set<String>, now: Date) -> Int {
        let signed = places.filter { $0.value.svid != nil }
        let ordered = signed.sorted { (end(of: $0.value), $0.key) < (end(of: $1.value), $1.key) }
        review.begin(keyIDs, ordered.map(\.key), now: now)
        return signed.count { $0.value.svid?.signerKeyIDs.isDisjoint(with: keyIDs) == false }
    }

    package func identity(of entry: Entry, now: Date) -> WorkloadUpdate.Identity {
        guard let place = places[entry.id] else { return .init(entry: entry, svid: nil) }
        // An SVID of the entry before it was given another name belongs to nobody any more.
        let svid = place.svid.flatMap { $0.spiffeID == entry.spiffeID && $0.notAfter > now ? $0 : nil }
        return .init(entry: entry, svid: svid, isRefused: place.retriesAt != nil)
    }

    /// Gives up what was used longest ago, until the capacity is kept or only SVIDs in use are left.
    package mutating func evict(exceptFor inUse: (String) -> Bool) {
        guard isOverfull else { return }
        let idle = places.filter { !inUse($0.key) }.sorted { ($0.value.lastUse, $0.key) < ($1.value.lastUse, $1.key) }
        for (id, _) in idle.prefix(places.count - capacity) { places[id] = nil }
    }

    /// Takes the SVIDs that are due, soonest to end first. Each is out until ``signed(_:_:now:random:)``,
    /// ``refused(_:now:random:)`` or ``unanswered(_:)`` tells what became of it.
    package mutating func takeWork(entries: [String: Entry], now: Date, limit: Int) -> [SVIDSigning] {
        markTainted(now: now)
        let due = places.filter { id, place in
            !place.isBeingSigned && entries[id].map { dueTime(of: place, $0) <= now } == true
        }
        let ordered = due.sorted { (end(of: $0.value), $0.key) < (end(of: $1.value), $1.key) }
        return ordered.prefix(limit).compactMap { id, place in
            guard let entry = entries[id] else { return nil }
            places[id]?.isBeingSigned = true
            return SVIDSigning(entry: entry, reason: Self.reason(place, entry))
        }
    }

    /// When the next SVID is due, if any is kept; SVIDs being signed do not count.
    package func nextWork(entries: [String: Entry]) -> Date? {
        let due = places.compactMap { id, place in
            place.isBeingSigned ? nil : entries[id].map { dueTime(of: place, $0) }
        }
        return (due + [review.next].compactMap(\.self)).min()
    }

    package mutating func signed(_ entry: Entry, _ svid: WorkloadSVID, random: Double) {
        guard var place = places[entry.id] else { return }
        place.svid = svid
        place.signedFor = entry
        place.rotatesAt = rotation.rotationTime(notBefore: svid.notBefore, notAfter: svid.notAfter, random: random)
        place.isTainted = false
        place.isBeingSigned = false
        place.backoff.attemptSucceeded()
        place.retriesAt = nil
        places[entry.id] = place
    }

    /// The server answered, but not with an SVID of this entry.
    package mutating func refused(_ entryID: String, now: Date, random: Double) {
        guard var place = places[entryID] else { return }
        place.isBeingSigned = false
        place.retriesAt = place.backoff.attemptFailed(now: now, random: random).map { now.addingTimeInterval($0) }
        places[entryID] = place
    }

    /// The server did not answer. When to ask again is not a matter of this entry.
    package mutating func unanswered(_ entryID: String) {
        places[entryID]?.isBeingSigned = false
    }

    private mutating func markTainted(now: Date) {
        guard let batch = review.takeBatch(now: now) else { return }
        for id in batch.entryIDs {
            guard let svid = places[id]?.svid, !svid.signerKeyIDs.isDisjoint(with: batch.keyIDs) else { continue }
            places[id]?.isTainted = true
        }
    }

    private func end(of place: Place) -> Date {
        place.svid?.notAfter ?? .distantPast
    }

    private static func reason(_ place: Place, _ entry: Entry) -> SVIDSigning.Reason {
        guard place.svid != nil else { return .create }
        return isStale(place, entry) ? .update : .renew
    }

    private static func isStale(_ place: Place, _ entry: Entry) -> Bool {
        place.signedFor.map { needsNewSVID($0, entry) } ?? true
    }

    private func dueTime(of place: Place, _ entry: Entry) -> Date {
        let due = Self.isStale(place, entry) || place.isTainted ? .distantPast : place.rotatesAt
        return max(due, place.retriesAt ?? .distantPast)
    }

    private static func needsNewSVID(_ old: Entry, _ new: Entry) -> Bool {
        old.revisionNumber != new.revisionNumber || old.createdAt != new.createdAt || old.spiffeID != new.spiffeID
    }
}
