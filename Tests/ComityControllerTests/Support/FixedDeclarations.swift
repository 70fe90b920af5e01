// SPDX-License-Identifier: Apache-2.0

import ComityController
import ComityResources
import SPIFFE
import Synchronization

/// Declares what a test says, and reads as well as the test says.
final class FixedDeclarations: EntryDeclarations, FederationDeclarations {
    struct State {
        var entries: [DeclaredEntry] = []
        var entryReading = EntryReading()
        var federation = FederationReading()
    }

    private let state: Mutex<State>

    init(_ entries: [DeclaredEntry] = [], federation: [JSONValue] = []) throws {
        var state = State()
        state.entries = entries
        self.state = Mutex(state)
        try declare(federation)
    }

    /// In place of what was declared of federation before.
    func declare(_ federation: [JSONValue]) throws {
        let own = try TrustDomain("example.org")
        change { state in
            state.federation = FederationReading()
            for object in federation {
                state.federation.take(
                    object, name: object["metadata"]?["name"]?.string ?? "", ClassRule(),
                    ownTrustDomain: own)
            }
        }
    }

    func change(_ body: (inout State) -> Void) {
        state.withLock { body(&$0) }
    }

    func declare(in ledger: inout EntryLedger) -> EntryReading {
        state.withLock { state in
            let bySource = Dictionary(grouping: state.entries) { EntrySource.staticEntry($0.owner.name) }
            for source in Set(ledger.sources).subtracting(bySource.keys) { ledger.declare([], by: source) }
            for (source, entries) in bySource { ledger.declare(entries, by: source) }
            return state.entryReading
        }
    }

    func outcomes(_ ledger: EntryLedger, bundles: Set<TrustDomain>) -> EntryOutcomes {
        EntryOutcomes()
    }

    func read() async -> FederationReading {
        state.withLock { $0.federation }
    }
}
