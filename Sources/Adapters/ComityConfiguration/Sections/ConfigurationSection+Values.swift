// SPDX-License-Identifier: Apache-2.0

import ComityRegistry

extension ConfigurationSection {
    /// A string; numbers and booleans count as their text.
    func text(_ key: String) -> Setting<String>? {
        guard let node = node(key) else { return nil }
        guard let text = node.text else {
            expected("a string", for: key, node)
            return nil
        }
        return text.isEmpty ? nil : Setting(value: text, place: node.place)
    }

    /// A list of strings; a single string counts as a list of one.
    func texts(_ key: String) -> [Setting<String>] {
        guard let node = node(key) else { return [] }
        let nodes = if case .list(let nodes) = node.value { nodes } else { [node] }
        return nodes.compactMap { node in
            guard let text = node.text else {
                expected("a list of strings", for: key, node)
                return nil
            }
            return text.isEmpty ? nil : Setting(value: text, place: node.place)
        }
    }

    /// A boolean; a string is read as Go reads booleans.
    func flag(_ key: String) -> Bool? {
        guard let node = node(key) else { return nil }
        if case .bool(let flag) = node.value { return flag }
        switch node.text {
        case "1", "t", "T", "true", "TRUE", "True": return true
        case "0", "f", "F", "false", "FALSE", "False": return false
        case "": return nil
        default:
            expected("true or false", for: key, node)
            return nil
        }
    }

    /// A whole number, also as a string.
    func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let node = node(key) else { return nil }
        guard let text = node.text, !text.isEmpty || node.value == .string("") else {
            expected("a number", for: key, node)
            return nil
        }
        if text.isEmpty || text == "0" { return nil }
        guard let number = Int(text) else {
            faults.error("\(path(key)) must be a number, not \(text.quoted)", at: node.place)
            return nil
        }
        guard range.contains(number) else {
            faults.error(
                "\(path(key)) must be between \(range.lowerBound) and \(range.upperBound), not \(number)",
                at: node.place)
            return nil
        }
        return number
    }

    func port(_ key: String) -> Int? {
        integer(key, in: 1...65535)
    }

    /// A duration that is not negative.
    ///
    /// - Parameter name: what SPIRE calls it in `could not parse …`.
    func duration(_ key: String, as name: String) -> Setting<Duration>? {
        guard let setting = text(key) else { return nil }
        do {
            let duration = try GoDuration.parse(setting.value)
            guard duration >= .zero else {
                faults.error("\(path(key)) must not be negative: \(setting.value.quoted)", at: setting.place)
                return nil
            }
            return Setting(value: duration, place: setting.place)
        } catch {
            faults.error(
                "could not parse \(name) \(setting.value.quoted): \(error)", at: setting.place,
                cure: "write a number and a unit, such as \"90s\", \"5m\" or \"1h30m\"")
            return nil
        }
    }

    /// One of a few words, in any letter case.
    func choice<Value>(_ key: String, _ words: [String], _ make: (String) -> Value?) -> Value? {
        guard let setting = text(key) else { return nil }
        guard let value = make(setting.value.lowercased()) else {
            faults.error(
                "\(path(key)) \(setting.value.quoted) is unknown; must be one of [\(words.joined(separator: ", "))]",
                at: setting.place)
            return nil
        }
        return value
    }

    /// A string that must be there.
    func requiredText(_ key: String, missing message: String) -> Setting<String>? {
        let count = faults.errorCount
        if let setting = text(key) { return setting }
        if faults.errorCount == count { faults.error(message, at: place) }
        return nil
    }
}

extension ConfigurationNode {
    fileprivate var text: String? {
        switch value {
        case .string(let text): text
        case .number(let text): text
        case .bool(let flag): flag ? "true" : "false"
        case .list, .object, .null: nil
        }
    }
}
