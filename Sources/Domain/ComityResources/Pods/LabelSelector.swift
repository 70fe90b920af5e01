// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

/// Which labels an object must have, in the form of Kubernetes. Without requirements it matches everything.
package struct LabelSelector: Hashable, Sendable {
    package struct Requirement: Hashable, Sendable {
        package enum Operator: String, Sendable {
            case isIn = "In"
            case notIn = "NotIn"
            case exists = "Exists"
            case doesNotExist = "DoesNotExist"
        }

        package var key: String
        package var `operator`: Operator
        package var values: [String]

        fileprivate func matches(_ labels: [String: String]) -> Bool {
            let value = labels[key]
            return switch `operator` {
            case .isIn: value.map(values.contains) ?? false
            case .notIn: value.map { !values.contains($0) } ?? true
            case .exists: value != nil
            case .doesNotExist: value == nil
            }
        }
    }

    package var matchLabels: [String: String] = [:]
    package var requirements: [Requirement] = []

    package init() {}

    /// - Parameter path: Where it stands, for messages.
    /// - Throws: ``ResourceError`` with code `invalid`.
    package init(json: JSONValue?, at path: String) throws(ResourceError) {
        guard let json, json != .null else { return }
        guard let members = json.object else { throw .invalid(path, "must be an object") }
        for name in members.names where !["matchLabels", "matchExpressions"].contains(name) {
            throw .invalid("\(path).\(name)", "is not known: use matchLabels or matchExpressions")
        }
        // Taken for nothing, a part that cannot be read would select everything.
        if let labels = members["matchLabels"], labels != .null {
            guard labels.object?.members.allSatisfy({ $0.value.string != nil }) == true else {
                throw .invalid("\(path).matchLabels", "must have a text for each label")
            }
            matchLabels = Labels(json: labels).values
        }
        guard let expressions = members["matchExpressions"], expressions != .null else { return }
        guard let items = expressions.array else { throw .invalid("\(path).matchExpressions", "must be a list") }
        for (index, item) in items.enumerated() {
            requirements.append(try Self.requirement(item, at: "\(path).matchExpressions[\(index)]"))
        }
    }

    package func matches(_ labels: [String: String]) -> Bool {
        matchLabels.allSatisfy { labels[$0.key] == $0.value } && requirements.allSatisfy { $0.matches(labels) }
    }

    private static func requirement(_ json: JSONValue, at path: String) throws(ResourceError) -> Requirement {
        guard let key = json["key"]?.string, !key.isEmpty else { throw .invalid("\(path).key", "is missing") }
        guard let name = json["operator"]?.string, let `operator` = Requirement.Operator(rawValue: name) else {
            throw .invalid("\(path).operator", "must be In, NotIn, Exists or DoesNotExist")
        }
        let values = (json["values"]?.array ?? []).compactMap(\.string)
        let needsValues = `operator` == .isIn || `operator` == .notIn
        guard values.isEmpty != needsValues else {
            throw .invalid(
                "\(path).values", needsValues ? "must not be empty for \(name)" : "must be empty for \(name)")
        }
        return Requirement(key: key, operator: `operator`, values: values)
    }
}
