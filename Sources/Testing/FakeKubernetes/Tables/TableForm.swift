// SPDX-License-Identifier: Apache-2.0

/// That a client wants a table, and what of each object goes with its row.
struct TableForm: Sendable {
    enum Inclusion: String, Sendable {
        case metadata = "Metadata"
        case whole = "Object"
        case none = "None"
    }

    let version: String
    let inclusion: Inclusion

    /// - Returns: `nil` when the client wants the objects themselves.
    init?(_ request: APIRequest) {
        guard let wanted = request.accepted.first, wanted.asks(for: "Table", group: "meta.k8s.io") else { return nil }
        version = wanted.parameters["v"] ?? "v1"
        inclusion = request.query["includeObject"].flatMap(Inclusion.init) ?? .metadata
    }
}
