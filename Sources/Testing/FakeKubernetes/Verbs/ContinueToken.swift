// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// Where the next page of a list begins, opaque to clients.
struct ContinueToken {
    let version: UInt64
    let position: Int

    init(version: UInt64, position: Int) {
        self.version = version
        self.position = position
    }

    init?(_ text: String) {
        guard
            let bytes = Base64.url.decode(text), let value = try? JSONValue(parsing: bytes, maximumBytes: 1024),
            let version = value["rv"]?.number?.unsigned, let position = value["start"]?.number?.signed, position >= 0
        else { return nil }
        self.version = version
        self.position = Int(position)
    }

    var text: String {
        let value: JSONValue = ["rv": .number(JSONNumber(version)), "start": .number(JSONNumber(position))]
        return Base64.url.encode(value.bytes())
    }
}
