// SPDX-License-Identifier: Apache-2.0

/// What a write says beside the object.
struct WriteOptions: Sendable {
    enum FieldValidation: String, Sendable {
        case strict = "Strict"
        case warn = "Warn"
        case ignore = "Ignore"
    }

    /// Nothing is stored.
    let isDryRun: Bool
    /// Who owns the fields that are written.
    let manager: String
    let isForced: Bool
    let validation: FieldValidation

    init(_ request: APIRequest) throws(APIStatus) {
        isDryRun = request.query["dryRun"] == "All"
        manager = request.query["fieldManager"].flatMap { $0.isEmpty ? nil : $0 } ?? request.agentName
        isForced = request.has("force")
        let wanted = request.query["fieldValidation"] ?? ""
        guard let validation = wanted.isEmpty ? .warn : FieldValidation(rawValue: wanted) else {
            throw .badRequest("invalid fieldValidation \(wanted): use Strict, Warn or Ignore")
        }
        self.validation = validation
    }
}
