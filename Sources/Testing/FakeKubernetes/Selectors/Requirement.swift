// SPDX-License-Identifier: Apache-2.0

/// One condition of a label selector.
struct Requirement: Sendable {
    enum Operator: Sendable {
        case isOneOf, isNoneOf, exists, isAbsent
        case isGreater(Int)
        case isLess(Int)
    }

    let key: String
    let test: Operator
    var values: Set<String> = []

    func matches(_ labels: [String: String]) -> Bool {
        let value = labels[key]
        return switch test {
        case .isOneOf: value.map(values.contains) ?? false
        case .isNoneOf: value.map { !values.contains($0) } ?? true
        case .exists: value != nil
        case .isAbsent: value == nil
        case .isGreater(let bound): value.flatMap(Int.init).map { $0 > bound } ?? false
        case .isLess(let bound): value.flatMap(Int.init).map { $0 < bound } ?? false
        }
    }
}
