// SPDX-License-Identifier: Apache-2.0

import ComityTransport
import SPIFFE
import ServerAPIProtos

/// Small pieces of text as Go programs write them.
enum GoText {
    /// `1 entry` or `2 entries`.
    static func count(_ count: Int, _ one: String, _ many: String) -> String {
        "\(count) \(count == 1 ? one : many)"
    }

    /// `(code: NotFound, msg: "entry not found")`
    static func failure(_ status: Spire_Api_Types_Status) -> String {
        "(code: \(GoStatusCode.name(of: status.code)), msg: \(JSONValue.string(status.message)))"
    }
}

extension Spire_Api_Types_SPIFFEID {
    /// The ID as text, as the server gave it.
    var text: String {
        "spiffe://\(trustDomain)\(path)"
    }
}
