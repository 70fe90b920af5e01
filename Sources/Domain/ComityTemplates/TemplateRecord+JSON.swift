// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

extension TemplateRecord {
    /// Reads an object as the Kubernetes API sends it. What the type does not have is left out, and so is what has another
    /// shape than it should.
    package init(_ type: TemplateType, json: JSONValue?) {
        var values: [String: TemplateValue] = [:]
        for field in type.fields {
            if let member = json?[field.json], let value = TemplateValue(member, as: field.shape) {
                values[field.name] = value
            }
        }
        self.init(type, values)
    }
}

extension TemplateValue {
    fileprivate init?(_ json: JSONValue, as shape: TemplateType.Shape) {
        switch (shape, json) {
        case (_, .null): return nil
        case (.string, .string(let text)): self = .string(text)
        // Such as `targetPort`, which may be either.
        case (.string, .number(let number)): self = .string(number.text)
        case (.integer, .number(let number)):
            guard let value = number.signed else { return nil }
            self = .integer(value)
        case (.bool, .bool(let value)): self = .bool(value)
        case (.map, .object(let members)):
            self = .map(
                members.members.reduce(into: [:]) { values, member in
                    values[member.name] = member.value.string ?? member.value.number?.text ?? ""
                })
        case (.list(let element), .array(let values)):
            self = .list(values.map { TemplateValue($0, as: element) ?? element.empty })
        case (.record(let type), .object): self = .record(TemplateRecord(type, json: json))
        case (.optional(let shape), _):
            guard let value = TemplateValue(json, as: shape) else { return nil }
            self = value
        default: return nil
        }
    }
}
