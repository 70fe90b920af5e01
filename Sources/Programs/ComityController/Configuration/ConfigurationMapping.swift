// SPDX-License-Identifier: Apache-2.0

import ComityConfiguration
import ComityRegistry
import SPIFFE

/// Reads one mapping of the configuration, with the path of the key in every fault.
struct ConfigurationMapping {
    private let path: String
    private let members: JSONObject
    private let faults: FaultList

    /// - Parameter known: Every key that there may be; others are warned of and passed over.
    init(_ members: JSONObject, at path: String = "", known: Set<String>, _ faults: FaultList) {
        self.path = path
        self.members = members
        self.faults = faults
        for name in members.names where !known.contains(name) {
            let nearest = Suggestion.nearest(to: name, among: known.sorted())
            faults.warning(
                path + name, "is not known and does nothing", cure: nearest.map { "did you mean \(path)\($0)?" })
        }
    }

    func has(_ name: String) -> Bool { value(name) != nil }

    /// `nil` when it is left out or not of its type, which is a fault then.
    func text(_ name: String) -> String? {
        read(name, "text", \.string)
    }

    func flag(_ name: String) -> Bool? {
        read(name, "true or false", \.bool)
    }

    func number(_ name: String) -> Double? {
        read(name, "a number") { $0.number?.double }
    }

    func texts(_ name: String) -> [String]? {
        read(name, "a list of texts") { value in
            guard let items = value.array else { return nil }
            let texts = items.compactMap(\.string)
            return texts.count == items.count ? texts : nil
        }
    }

    /// Nanoseconds as Go's JSON writes them, or text such as `15s`.
    func duration(_ name: String) -> Duration? {
        read(name, "nanoseconds or a duration such as 15s") { value in
            if let nanoseconds = value.number?.signed { return .nanoseconds(nanoseconds) }
            return value.string.flatMap { try? GoDuration.parse($0) }
        }
    }

    func mapping(_ name: String, known: Set<String>) -> ConfigurationMapping? {
        read(name, "a mapping", \.object).map {
            ConfigurationMapping($0, at: "\(path)\(name).", known: known, faults)
        }
    }

    /// Each member of a mapping whose keys are names.
    func mappings(_ name: String, known: Set<String>) -> [(name: String, mapping: ConfigurationMapping)] {
        let members = read(name, "a mapping", \.object)?.members ?? []
        return members.map { member in
            let place = "\(path)\(name).\(member.name)"
            if member.value != .null, member.value.object == nil { faults.error(place, "must be a mapping") }
            return (
                member.name,
                ConfigurationMapping(member.value.object ?? [:], at: "\(place).", known: known, faults)
            )
        }
    }

    /// The members of a mapping of texts.
    func pairs(_ name: String) -> [(String, String)] {
        (read(name, "a mapping", \.object)?.members ?? []).compactMap { member in
            guard let text = member.value.string else {
                faults.error("\(path)\(name).\(member.name)", "must be text")
                return nil
            }
            return (member.name, text)
        }
    }

    func error(_ name: String, _ message: String, cure: String? = nil) {
        faults.error(path + name, message, cure: cure)
    }

    func warning(_ name: String, _ message: String, cure: String? = nil) {
        faults.warning(path + name, message, cure: cure)
    }

    /// Says of keys that are accepted and do nothing, each with what is instead.
    func warnOfUnused(_ reasons: KeyValuePairs<String, String>) {
        for (name, reason) in reasons where has(name) { warning(name, "has no effect: \(reason)") }
    }

    private func value(_ name: String) -> JSONValue? {
        members[name].flatMap { $0 == .null ? nil : $0 }
    }

    private func read<Value>(_ name: String, _ wanted: String, _ take: (JSONValue) -> Value?) -> Value? {
        guard let value = value(name) else { return nil }
        guard let taken = take(value) else {
            error(name, "must be \(wanted), not \(value.kind)")
            return nil
        }
        return taken
    }
}
