// SPDX-License-Identifier: Apache-2.0

import SPIFFE
import ServerAPIProtos

/// What became of each relationship of a batch.
struct FederationOutcomes {
    struct Outcome {
        var status: Spire_Api_Types_Status
        /// As the server has it now; for a failed one, as it was sent.
        var relationship: Spire_Api_Types_FederationRelationship
    }

    /// `create` or `update`.
    let verb: String
    let outcomes: [Outcome]

    /// - Throws: ``CommandError`` with code `failedItems` after all were told of, when some failed. In JSON the status of
    ///   each says so, and nothing is thrown.
    func print(to output: OutputOptions) throws {
        try output.print(json) {
            Console.out(succeeded)
            guard let failed else { return "" }
            Console.out("\n")
            Console.error(failed)
            throw CommandError(.failedItems, "failed to \(verb) one or more federation relationships")
        }
    }

    var json: JSONValue {
        .message([
            "results": .list(outcomes) {
                .message(["status": $0.status.json, "federation_relationship": $0.relationship.json])
            }
        ])
    }

    /// The blocks of those that succeeded, each after a blank line.
    var succeeded: String {
        outcomes.filter { $0.status.code == 0 }.map { "\n" + FederationText.block($0.relationship) }.joined()
    }

    /// The complaints about those that failed; `nil` when none did.
    var failed: String? {
        let failed = outcomes.filter { $0.status.code != 0 }
        guard !failed.isEmpty else { return nil }
        return failed.map { outcome in
            "Failed to \(verb) the following federation relationship \(GoText.failure(outcome.status)):\n"
                + FederationText.block(outcome.relationship)
        }.joined(separator: "\n")
    }
}
