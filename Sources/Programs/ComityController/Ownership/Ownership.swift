// SPDX-License-Identifier: Apache-2.0

/// What this controller calls its own, as it was recorded.
package actor Ownership {
    private let record: any OwnershipRecord
    private var loaded: Owned?
    /// Whether nothing was recorded yet, so that what is plainly of this controller may be taken over.
    private var firstRun: Bool?

    package init(_ record: any OwnershipRecord) {
        self.record = record
    }

    var isFirstRun: Bool { firstRun ?? false }

    /// - Throws: Why the record cannot be read: without it nothing may be changed.
    package func owned() async throws -> Owned {
        if let loaded { return loaded }
        let known = try await record.load()
        if let loaded { return loaded }
        if firstRun == nil { firstRun = known == nil }
        loaded = known ?? Owned()
        return loaded ?? Owned()
    }

    /// Reads the record anew before the next use: another controller may have written it.
    package func forget() {
        loaded = nil
    }

    /// - Returns: What is others', and must be left to them.
    package func claim(_ objects: Owned) async throws -> Owned {
        let refused = try await record.claim(objects)
        var own = objects
        own.remove(refused)
        var owned = try await owned()
        owned.add(own)
        loaded = owned
        return refused
    }

    /// What is gone needs no claim any more. A claim that stays behind does no harm, so a failure is passed over.
    package func release(_ objects: Owned) async {
        guard !objects.isEmpty else { return }
        loaded?.remove(objects)
        try? await record.release(objects)
    }
}
