// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// The protobuf that `kubectl create` sends for a few built-in types, read as JSON.
enum ProtobufBody {
    static let contentType = "application/vnd.kubernetes.protobuf"

    /// Before the envelope, which names the type and holds the object.
    private static let magic = Array("k8s\0".utf8)

    static func value(_ bytes: [UInt8]) throws(APIStatus) -> JSONValue {
        do {
            guard bytes.starts(with: magic) else { throw ProtobufMessage.Malformed() }
            let envelope = try ProtobufMessage(bytes.dropFirst(magic.count))
            let type = try value(
                try raw(1, of: envelope), .message([1: ("apiVersion", .string), 2: ("kind", .string)]))
            guard let shape = ProtobufShape.ofKind(type["kind"]?.string ?? "") else {
                throw APIStatus.unsupportedMediaType(["application/json"])
            }
            var object = try value(try raw(2, of: envelope), shape)
            for name in ["apiVersion", "kind"] { object[at: name] = type[name] }
            return object
        } catch let error as APIStatus {
            throw error
        } catch {
            throw .badRequest("the body is not protobuf of Kubernetes")
        }
    }

    private static func raw(_ number: Int, of message: ProtobufMessage) throws -> [UInt8] {
        guard case .bytes(let bytes)? = message.fields.first(where: { $0.number == number })?.value else {
            throw ProtobufMessage.Malformed()
        }
        return bytes
    }

    private static func value(_ bytes: [UInt8], _ shape: ProtobufShape) throws -> JSONValue {
        switch shape {
        case .string: return .string(String(decoding: bytes, as: UTF8.self))
        case .bytes: return .string(Base64.standard.encode(bytes))
        case .integer, .list, .map: throw ProtobufMessage.Malformed()
        case .message(let known):
            var object: JSONValue = [:]
            for field in try ProtobufMessage(bytes).fields {
                guard let (name, shape) = known[field.number] else { continue }
                try add(field.value, shape, to: &object, as: name)
            }
            return object
        }
    }

    /// Lists and maps come as one field for each element.
    private static func add(
        _ field: ProtobufMessage.Value, _ shape: ProtobufShape, to object: inout JSONValue, as name: String
    ) throws {
        switch (shape, field) {
        case (.integer, .number(let number)): object[at: name] = .number(JSONNumber(Int64(bitPattern: number)))
        case (.list(let element), .bytes(let bytes)):
            object[at: name] = .array((object[name]?.array ?? []) + [try value(bytes, element)])
        case (.map(let element), .bytes(let bytes)):
            let entry = try value(bytes, .message([1: ("key", .string), 2: ("value", element)]))
            object[at: name, entry["key"]?.string ?? ""] = entry["value"] ?? ""
        case (.string, .bytes(let bytes)) where bytes.isEmpty: break
        case (_, .bytes(let bytes)): object[at: name] = try value(bytes, shape)
        case (_, .number): throw ProtobufMessage.Malformed()
        }
    }
}
