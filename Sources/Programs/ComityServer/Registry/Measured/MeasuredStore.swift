// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTelemetry

/// A store whose work is told of.
struct MeasuredStore: RegistryStore {
    let store: any RegistryStore
    let instruments: Instruments

    func changes() -> AsyncStream<RegistryChange> { store.changes() }

    func measure<Value>(
        _ table: DatastoreTable, _ action: DatastoreAction, _ work: () async throws -> Value
    ) async throws -> Value {
        try await instruments.measure(.datastore(table, action), [:], work)
    }
}
