// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// What the API demands of the metadata of every object.
struct MetadataRules: Sendable {
    private static let subdomain = #"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"#
    private static let label = #"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"#
    private static let qualifiedName =
        #"^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"#
    private static let labelValue = #"^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$"#
    private static let maximumAnnotationBytes = 256 * 1024

    let type: APIType

    func faults(in value: JSONValue) -> [FieldFault] {
        let metadata = value["metadata"] ?? [:]
        return nameFaults(metadata) + labelFaults(metadata) + annotationFaults(metadata)
    }

    private func nameFaults(_ metadata: JSONValue) -> [FieldFault] {
        guard let name = metadata["name"]?.string, !name.isEmpty else {
            return [.required("metadata.name", "name or generateName is required")]
        }
        // Names of roles and such may hold colons.
        if type.group == "rbac.authorization.k8s.io" { return [] }
        let isLabel = ["namespaces", "services"].contains(type.plural) && type.group.isEmpty
        guard RegularExpression.matches(isLabel ? Self.label : Self.subdomain, name), name.utf8.count <= 253 else {
            let kind = isLabel ? "RFC 1123 label" : "RFC 1123 subdomain"
            return [
                .invalid(
                    "metadata.name", .string(name),
                    "a lowercase \(kind) must consist of lower case alphanumeric characters, '-' or '.', and must start "
                        + "and end with an alphanumeric character")
            ]
        }
        return []
    }

    private func labelFaults(_ metadata: JSONValue) -> [FieldFault] {
        (metadata["labels"]?.object?.members ?? []).flatMap { label -> [FieldFault] in
            var faults: [FieldFault] = []
            if !RegularExpression.matches(Self.qualifiedName, label.name) {
                faults.append(.invalid("metadata.labels", .string(label.name), "name part must be a qualified name"))
            }
            if !RegularExpression.matches(Self.labelValue, label.value.string ?? "") {
                faults.append(
                    .invalid(
                        "metadata.labels", label.value,
                        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', "
                            + "and must start and end with an alphanumeric character"))
            }
            return faults
        }
    }

    private func annotationFaults(_ metadata: JSONValue) -> [FieldFault] {
        let annotations = metadata["annotations"]?.texts ?? [:]
        let size = annotations.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        guard size > Self.maximumAnnotationBytes else { return [] }
        return [
            FieldFault(
                path: "metadata.annotations", reason: .tooLong,
                message: "Too long: may not be more than \(Self.maximumAnnotationBytes) bytes")
        ]
    }

    /// Refuses metadata that could not even be read.
    static func checkShape(of metadata: JSONValue?) throws(APIStatus) {
        for name in ["labels", "annotations"] {
            for member in metadata?[name]?.object?.members ?? [] where member.value.string == nil {
                throw .badRequest(
                    "unable to decode the request: metadata.\(name): cannot unmarshal \(member.value.kind) "
                        + "into field \(member.name) of type string")
            }
        }
    }
}
