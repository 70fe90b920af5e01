// SPDX-License-Identifier: Apache-2.0

import ComityAttestation

/// Reads the fields of SSH's binary form (RFC 4251 §5), never past the end.
struct SSHReader {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: some Sequence<UInt8>) {
        rest = Array(bytes)[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func uint32() throws(AttestationError) -> UInt32 {
        try take(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    mutating func uint64() throws(AttestationError) -> UInt64 {
        try take(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// A `string`: a length and as many bytes.
    mutating func bytes() throws(AttestationError) -> [UInt8] {
        Array(try take(Int(try uint32())))
    }

    mutating func text() throws(AttestationError) -> String {
        guard let text = String(validating: try bytes(), as: UTF8.self) else {
            throw AttestationError(.invalidArgument, "ssh: text is not UTF-8")
        }
        return text
    }

    /// An `mpint` that is not negative, most significant byte first.
    mutating func number() throws(AttestationError) -> [UInt8] {
        let bytes = try bytes()
        guard (bytes.first ?? 0) < 0x80 else { throw AttestationError(.invalidArgument, "ssh: number is negative") }
        return Array(bytes.drop { $0 == 0 })
    }

    /// A `string` that holds further strings.
    mutating func texts() throws(AttestationError) -> [String] {
        var inner = SSHReader(try bytes())
        var texts: [String] = []
        while !inner.isAtEnd { texts.append(try inner.text()) }
        return texts
    }

    mutating func take(_ count: Int) throws(AttestationError) -> ArraySlice<UInt8> {
        guard count <= rest.count else { throw AttestationError(.invalidArgument, "ssh: data is cut off") }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }
}

/// Writes the same.
struct SSHWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ string: some Collection<UInt8>) {
        bytes += stride(from: 24, through: 0, by: -8).map { UInt8(string.count >> $0 & 0xFF) }
        bytes += string
    }

    mutating func append(number: some Collection<UInt8>) {
        let digits = number.drop { $0 == 0 }
        append((digits.first ?? 0) < 0x80 ? Array(digits) : [0] + digits)
    }
}
