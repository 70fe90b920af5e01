// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SPIFFE

extension ValueRules {
    /// What the rules do not allow about a value of the right type.
    func faults(in value: JSONValue, at path: String) -> [FieldFault] {
        var faults: [FieldFault] = []
        if let allowed, !allowed.contains(value) {
            let list = allowed.map(\.description).joined(separator: ", ")
            faults.append(
                FieldFault(
                    path: path, reason: .unsupported, message: "Unsupported value: \(value): supported values: \(list)")
            )
        }
        switch value {
        case .string(let text): faults += textFaults(text).map { .invalid(path, value, "\(path) in body \($0)") }
        case .number(let number):
            faults += numberFaults(number).map { .invalid(path, value, "\(path) in body \($0)") }
        case .array(let elements):
            faults += countFaults(elements.count, counts, "items", path)
        case .object(let object):
            faults += countFaults(object.members.count, sizes, "properties", path)
        default: break
        }
        return faults
    }

    private func textFaults(_ text: String) -> [String] {
        var faults: [String] = []
        let length = text.unicodeScalars.count
        if length < lengths.lowerBound { faults.append("should be at least \(lengths.lowerBound) chars long") }
        if length > lengths.upperBound { faults.append("may not be longer than \(lengths.upperBound)") }
        if let pattern, !RegularExpression.matches(pattern, text) { faults.append("should match '\(pattern)'") }
        if let format, !isWritten(text, as: format) { faults.append("must be of type \(format): \(text.quoted)") }
        return faults
    }

    private func numberFaults(_ number: JSONNumber) -> [String] {
        guard let value = number.double else { return [] }
        var faults: [String] = []
        if let minimum, value < minimum || (excludesMinimum && value == minimum) {
            faults.append(
                "should be greater than \(excludesMinimum ? "" : "or equal to ")\(JSONNumber(minimum)?.text ?? "")")
        }
        if let maximum, value > maximum || (excludesMaximum && value == maximum) {
            faults.append(
                "should be less than \(excludesMaximum ? "" : "or equal to ")\(JSONNumber(maximum)?.text ?? "")")
        }
        if let multipleOf, value.remainder(dividingBy: multipleOf) != 0 {
            faults.append("should be a multiple of \(JSONNumber(multipleOf)?.text ?? "")")
        }
        return faults
    }

    private func countFaults(_ count: Int, _ range: ClosedRange<Int>, _ what: String, _ path: String) -> [FieldFault] {
        let shown = JSONValue.number(JSONNumber(count))
        if count < range.lowerBound {
            return [.invalid(path, shown, "\(path) in body should have at least \(range.lowerBound) \(what)")]
        }
        guard count > range.upperBound else { return [] }
        return [
            FieldFault(
                path: path, reason: .tooMany, message: "Too many: \(count): must have at most \(range.upperBound) items"
            )
        ]
    }

    /// Formats that the API does not know are no condition.
    private func isWritten(_ text: String, as format: String) -> Bool {
        switch format {
        case "date-time": (try? Date(text, strategy: .iso8601)) != nil || RegularExpression.matches(Self.dateTime, text)
        case "uri": RegularExpression.matches("^[A-Za-z][A-Za-z0-9+.-]*:|^/", text)
        case "byte": Base64.standard.decode(text) != nil
        case "uuid": UUID(uuidString: text) != nil
        default: true
        }
    }

    private static let dateTime =
        #"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$"#
}
