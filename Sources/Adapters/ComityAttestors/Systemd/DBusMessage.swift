// SPDX-License-Identifier: Apache-2.0

import ComityAttestation

/// One message on a bus (D-Bus specification, "Message Protocol").
struct DBusMessage: Equatable {
    enum Kind: UInt8 {
        case call = 1
        case reply, error, signal
    }

    private enum Field: UInt8 {
        case path = 1
        case interface, member, errorName, replySerial, destination, sender, signature
    }

    static let maximumSize = 1 << 20
    /// Up to the length of the header fields.
    static let prefixLength = 16

    var kind: Kind
    var serial: UInt32
    var path: String?
    var interface: String?
    var member: String?
    var errorName: String?
    var replySerial: UInt32?
    var destination: String?
    var sender: String?
    var body: [DBusValue]

    init(_ kind: Kind, serial: UInt32, body: [DBusValue] = []) {
        self.kind = kind
        self.serial = serial
        self.body = body
    }

    var bytes: [UInt8] {
        var content = DBusWriter()
        for value in body { content.append(value) }
        var writer = DBusWriter()
        for byte in [UInt8(ascii: "l"), kind.rawValue, 0, 1] { writer.append(byte: byte) }
        writer.append(number: UInt32(content.bytes.count))
        writer.append(number: serial)
        var fields = DBusWriter()
        let signature = body.map(\.signature).joined()
        let all: [(Field, DBusValue?)] = [
            (.path, path.map { .objectPath($0) }), (.interface, interface.map { .string($0) }),
            (.member, member.map { .string($0) }), (.errorName, errorName.map { .string($0) }),
            (.replySerial, replySerial.map { .uint32($0) }), (.destination, destination.map { .string($0) }),
            (.sender, sender.map { .string($0) }), (.signature, body.isEmpty ? nil : .signature(signature)),
        ]
        for case (let field, let value?) in all {
            // The fields begin at a multiple of 8, so that they can be written apart.
            fields.align(8)
            fields.append(byte: field.rawValue)
            fields.append(.variant(value))
        }
        writer.append(number: UInt32(fields.bytes.count))
        for byte in fields.bytes { writer.append(byte: byte) }
        writer.align(8)
        for byte in content.bytes { writer.append(byte: byte) }
        return writer.bytes
    }

    /// The length of the whole message that begins with these bytes.
    static func length(ofMessageWith prefix: [UInt8]) throws(AttestationError) -> Int {
        var reader = try reader(prefix)
        let (body, _, fields) = (try reader.number(), try reader.number(), try reader.number())
        let length = prefixLength + (Int(fields) + 7) / 8 * 8 + Int(body)
        guard length <= maximumSize else { throw DBusReader.malformed("message is larger than \(maximumSize) bytes") }
        return length
    }

    /// Reads a whole message. A body of other types than ``DBusValue`` knows is left out: nobody here asked for it.
    init(parsing bytes: [UInt8]) throws(AttestationError) {
        var reader = try Self.reader(bytes)
        guard let kind = Kind(rawValue: bytes[1]), bytes[3] == 1 else {
            throw DBusReader.malformed("message is of an unknown kind or version")
        }
        _ = try reader.number()
        self.init(kind, serial: try reader.number())
        let end = Self.prefixLength + Int(try reader.number())
        var signature = ""
        while reader.position < end {
            reader.align(8)
            let field = Field(rawValue: try reader.byte())
            guard case .variant(let value) = try reader.value("v") else { continue }
            switch (field, value) {
            case (.path?, .objectPath(let text)): path = text
            case (.interface?, .string(let text)): interface = text
            case (.member?, .string(let text)): member = text
            case (.errorName?, .string(let text)): errorName = text
            case (.replySerial?, .uint32(let number)): replySerial = number
            case (.destination?, .string(let text)): destination = text
            case (.sender?, .string(let text)): sender = text
            case (.signature?, .signature(let text)): signature = text
            default: continue
            }
        }
        reader.align(8)
        for type in signature {
            guard let value = try? reader.value(type) else { break }
            body.append(value)
        }
    }

    private static func reader(_ bytes: [UInt8]) throws(AttestationError) -> DBusReader {
        guard bytes.count >= prefixLength, bytes[0] == UInt8(ascii: "l") || bytes[0] == UInt8(ascii: "B") else {
            throw DBusReader.malformed("message has no beginning")
        }
        return DBusReader(bytes, isLittleEndian: bytes[0] == UInt8(ascii: "l"), at: 4)
    }
}
