// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A bundle document as another program's JSON parser sees it; text after the document is not looked at.
struct BundleDocumentText {
    let keys: [[String: String]]
    let sequence: Int?
    let refreshHint: Int?

    init(_ text: String) throws {
        let end = try #require(text.lastIndex(of: "}"), "no JSON in: \(text)")
        let object = try JSONSerialization.jsonObject(with: Data(text[...end].utf8))
        let document = try #require(object as? [String: Any])
        keys = try #require(document["keys"] as? [[String: Any]]).map { key in
            key.mapValues { value in (value as? [String])?.joined(separator: ",") ?? "\(value)" }
        }
        sequence = document["spiffe_sequence"] as? Int
        refreshHint = document["spiffe_refresh_hint"] as? Int
    }
}
