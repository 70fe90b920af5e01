// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
import SwiftProtobuf

/// Proto files by their names and by the full names that they declare.
package struct DescriptorIndex: Sendable {
    private struct File {
        var bytes: Data
        var imports: [String]
    }

    private var files: [String: File] = [:]
    private var fileNames: [String: String] = [:]
    private var messageNames: Set<String> = []

    /// - Parameter sets: Serialized `google.protobuf.FileDescriptorSet`s; of two files of one name the first counts.
    package init(serialized sets: [[UInt8]]) throws {
        for set in sets {
            for file in try Google_Protobuf_FileDescriptorSet(serializedBytes: set).file where files[file.name] == nil {
                files[file.name] = File(bytes: try file.serializedData(), imports: file.dependency)
                add(file)
            }
        }
    }

    /// The file and all that it needs, as serialized `google.protobuf.FileDescriptorProto`s; `nil` when it is unknown.
    package func files(named name: String) -> [Data]? {
        guard files[name] != nil else { return nil }
        var found: [Data] = []
        var names = [name]
        var known: Set<String> = [name]
        while !names.isEmpty {
            guard let file = files[names.removeFirst()] else { continue }
            found.append(file.bytes)
            names += file.imports.filter { known.insert($0).inserted }
        }
        return found
    }

    /// The same for the file that declares a service, method, message, field or enum.
    package func files(declaring symbol: String) -> [Data]? {
        fileNames[symbol].flatMap(files(named:))
    }

    package func hasMessage(_ name: String) -> Bool {
        messageNames.contains(name)
    }

    // MARK: - Private

    private mutating func add(_ file: Google_Protobuf_FileDescriptorProto) {
        let scope = file.package.isEmpty ? "" : file.package + "."
        for message in file.messageType { add(message, in: scope, of: file.name) }
        for type in file.enumType { add(type, in: scope, of: file.name) }
        for field in file.`extension` { fileNames[scope + field.name] = file.name }
        for service in file.service {
            fileNames[scope + service.name] = file.name
            for method in service.method { fileNames[scope + service.name + "." + method.name] = file.name }
        }
    }

    private mutating func add(_ message: Google_Protobuf_DescriptorProto, in scope: String, of file: String) {
        let name = scope + message.name
        fileNames[name] = file
        messageNames.insert(name)
        for field in message.field + message.`extension` { fileNames[name + "." + field.name] = file }
        for oneof in message.oneofDecl { fileNames[name + "." + oneof.name] = file }
        for nested in message.nestedType { add(nested, in: name + ".", of: file) }
        for type in message.enumType { add(type, in: name + ".", of: file) }
    }

    /// The values of an enum stand beside it, not in it.
    private mutating func add(_ type: Google_Protobuf_EnumDescriptorProto, in scope: String, of file: String) {
        fileNames[scope + type.name] = file
        for value in type.value { fileNames[scope + value.name] = file }
    }
}
