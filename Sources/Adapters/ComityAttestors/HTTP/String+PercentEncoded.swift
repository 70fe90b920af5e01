// SPDX-License-Identifier: Apache-2.0

import SPIFFE

extension String {
    /// As a part of an URL, with everything escaped but letters, digits and `-._~`.
    package var percentEncoded: String {
        utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                String(UnicodeScalar(byte))
            default: "%" + CollectionOfOne(byte).hex.uppercased()
            }
        }.joined()
    }
}
