// SPDX-License-Identifier: Apache-2.0

extension StringProtocol where SubSequence == Substring {
    /// The IDs of containers in a text: 64 hexadecimal digits as words of their own.
    var containerIDs: [String] {
        Substring(self).utf8.split { !$0.isWordPart }
            .filter { $0.count == 64 && $0.allSatisfy(\.isHexDigit) }
            .map { String(Substring($0)) }
    }
}

extension UInt8 {
    /// As runtimes and Kubernetes write them, in lower case.
    var isHexDigit: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
    }

    var isWordPart: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) || self == UInt8(ascii: "_")
            || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self & 0xDF)
    }
}
