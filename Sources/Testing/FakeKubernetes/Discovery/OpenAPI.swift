// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// The OpenAPI documents, as far as `kubectl` reads them: which writes take `fieldValidation`, what `explain` shows.
struct OpenAPI: Sendable {
    /// A version 2 document without any definition, in the protobuf form that clients up to 1.26 insist on:
    /// `swagger: "2.0"`, `info: {title: "Kubernetes", version: "v1.32.4"}`.
    private static let version2Protobuf: [UInt8] =
        [0x0A, 3] + Array("2.0".utf8) + [0x12, 21, 0x0A, 10] + Array("Kubernetes".utf8) + [0x12, 7]
        + Array("v1.32.4".utf8)

    let catalog: TypeCatalog

    func response(to request: APIRequest) throws(APIStatus) -> APIResponse {
        switch request.path[1...] {
        case ["v2"]:
            if request.accepted.contains(where: { $0.name.hasPrefix("application/com.github.proto-openapi") }) {
                return APIResponse(
                    bytes: Self.version2Protobuf,
                    contentType: "application/com.github.proto-openapi.spec.v2.v1.0+protobuf")
            }
            return APIResponse(["swagger": "2.0", "info": info, "paths": [:], "definitions": [:]])
        case ["v3"]: return APIResponse(["paths": .object(index)])
        case ["v3", "api", "v1"]: return try document("", "v1")
        default:
            guard request.path.count == 5, request.path[1] == "v3", request.path[2] == "apis" else { throw .noSuchPath }
            return try document(request.path[3], request.path[4])
        }
    }

    private let info: JSONValue = ["title": "Kubernetes", "version": "v1.32.4"]

    private var index: JSONObject {
        var index = JSONObject()
        for group in catalog.groups {
            for version in group.versions {
                let path = group.name.isEmpty ? "api/\(version)" : "apis/\(group.name)/\(version)"
                index[path] = ["serverRelativeURL": .string("/openapi/v3/\(path)")]
            }
        }
        return index
    }

    private func document(_ group: String, _ version: String) throws(APIStatus) -> APIResponse {
        let types = catalog.types(group, version)
        guard !types.isEmpty else { throw .noSuchPath }
        var (paths, schemas) = (JSONObject(), JSONObject())
        for type in types {
            paths[type.pathTemplate] = type.operations
            schemas[type.schemaName] = type.openAPISchema
        }
        return APIResponse([
            "openapi": "3.0.0", "info": info, "paths": .object(paths), "components": ["schemas": .object(schemas)],
        ])
    }
}
