// SPDX-License-Identifier: Apache-2.0

/// A database that runs transactions. All failures of its own are `RegistryError`.
protocol SQLDatabase: Sendable {
    /// Reads from one state of the database.
    func read<Value: Sendable>(_ body: @Sendable @escaping (any SQLConnection) throws -> Value) async throws -> Value

    /// Changes everything that the body changes, or nothing when it throws.
    ///
    /// The outcome is as if transactions ran one after the other. The body may run several times before one run counts.
    func write<Value: Sendable>(_ body: @Sendable @escaping (any SQLConnection) throws -> Value) async throws -> Value
}
