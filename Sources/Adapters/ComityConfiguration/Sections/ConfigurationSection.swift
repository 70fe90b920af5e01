// SPDX-License-Identifier: Apache-2.0

/// A block of the configuration while it is decoded: it remembers which keys were asked for.
///
/// The zero of a kind ("", 0) counts as not set, as it does for SPIRE.
final class ConfigurationSection {
    let name: String
    let place: ConfigurationPlace
    let faults: FaultCollector
    private let members: [ConfigurationMember]
    private var knownKeys: Set<String> = []

    init(_ name: String, at place: ConfigurationPlace, members: [ConfigurationMember], faults: FaultCollector) {
        self.name = name
        self.place = place
        self.members = members
        self.faults = faults
    }

    /// All members of the key in file order. Keys match in any letter case, as in SPIRE's HCL library.
    func occurrences(_ key: String) -> [ConfigurationMember] {
        knownKeys.insert(key)
        return members.filter { member in
            guard member.key == key || member.key.lowercased() == key.lowercased() else { return false }
            return member.value.value != .null
        }
    }

    /// The value that counts: the last one.
    func node(_ key: String) -> ConfigurationNode? {
        let found = occurrences(key)
        let written = found.filter { $0.place != .commandLine }
        if written.count > 1, let last = written.last {
            faults.warning("\(path(key)) is set \(written.count) times; the last one counts", at: last.place)
        }
        return found.last?.value
    }

    func path(_ key: String) -> String {
        name.isEmpty ? key : "\(name).\(key)"
    }

    // MARK: - Blocks

    func section(_ key: String) -> ConfigurationSection? {
        let found = occurrences(key)
        guard let first = found.first else { return nil }
        return ConfigurationSection(path(key), at: first.place, members: entries(of: found, key), faults: faults)
    }

    /// The members of a block whose keys are names that the user chose.
    func entries(_ key: String) -> [ConfigurationMember] {
        entries(of: occurrences(key), key)
    }

    /// The blocks of a block whose keys are names that the user chose.
    func namedSections(_ key: String) -> [(name: String, section: ConfigurationSection)] {
        entries(key).compactMap { member in
            let name = "\(path(key)).\(member.key.shortened)"
            guard let members = member.value.members else {
                expected("a block", for: "\(key).\(member.key.shortened)", member.value)
                return nil
            }
            return (
                member.key, ConfigurationSection(name, at: member.place, members: members, faults: faults)
            )
        }
    }

    /// The blocks of a list, each by itself.
    func listedSections(_ key: String) -> [ConfigurationSection] {
        occurrences(key).flatMap { occurrence -> [ConfigurationSection] in
            let nodes = if case .list(let nodes) = occurrence.value.value { nodes } else { [occurrence.value] }
            return nodes.compactMap { node in
                guard let members = node.members else {
                    expected("a list of blocks", for: key, node)
                    return nil
                }
                return ConfigurationSection(path(key), at: node.place, members: members, faults: faults)
            }
        }
    }

    private func entries(of occurrences: [ConfigurationMember], _ key: String) -> [ConfigurationMember] {
        occurrences.flatMap { occurrence in
            guard let members = occurrence.value.members else {
                expected("a block", for: key, occurrence.value)
                return [ConfigurationMember]()
            }
            return members
        }
    }

    // MARK: - Keys that do nothing here

    /// Refuses a key of SPIRE that this version does not know yet, unless it is set to what it is without being set.
    func unsupported(_ key: String, cure: String? = nil) {
        guard let node = node(key), !node.isZero else { return }
        faults.error(
            "\(path(key)) is not supported yet", at: node.place, cure: cure ?? "remove it from the configuration")
    }

    /// Accepts a key of SPIRE that has no meaning here.
    func withoutEffect(_ key: String, _ reason: String) {
        guard let node = node(key), !node.isZero else { return }
        faults.warning("\(path(key)) has no effect: \(reason)", at: node.place)
    }

    /// Accepts a key whose every value is satisfied anyway.
    func accept(_ key: String) {
        _ = node(key)
    }

    /// Reports the keys that nobody asked for. To be called last.
    func reportUnknownKeys(_ severity: ConfigurationFault.Severity) {
        let known = Set(knownKeys.map { $0.lowercased() })
        for member in members where !known.contains(member.key.lowercased()) {
            let nearest = Suggestion.nearest(to: member.key, among: knownKeys)
            let section = name.isEmpty ? "top-level" : name
            let cure =
                nearest.map { "did you mean \($0)?" } ?? "known keys: \(knownKeys.sorted().joined(separator: ", "))"
            switch severity {
            case .error:
                faults.error(
                    "unknown configuration detected: \(section): \(member.key.shortened)", at: member.place, cure: cure)
            case .warning:
                faults.warning(
                    "unknown configuration is ignored: \(section): \(member.key.shortened)", at: member.place,
                    cure: cure)
            }
        }
    }

    /// The same for the data of a plugin, in SPIRE's words.
    func reportUnknownPluginKeys() {
        let known = Set(knownKeys.map { $0.lowercased() })
        let unknown = members.filter { !known.contains($0.key.lowercased()) }
        guard let first = unknown.first else { return }
        let nearest = Suggestion.nearest(to: first.key, among: knownKeys).map { "did you mean \($0)?" }
        let all = knownKeys.isEmpty ? "it has no keys" : "known keys: \(knownKeys.sorted().joined(separator: ", "))"
        faults.error(
            "plugin \(name): unknown configurations detected: \(unknown.map(\.key.shortened).joined(separator: ","))",
            at: first.place, cure: nearest ?? all)
    }

    func expected(_ kind: String, for key: String, _ node: ConfigurationNode) {
        faults.error("\(path(key)) must be \(kind), not \(node.kind)", at: node.place)
    }
}

extension ConfigurationNode {
    /// Whether this is what the key is worth when it is not set.
    fileprivate var isZero: Bool {
        switch value {
        case .string(let text): text.isEmpty
        case .number(let text): Double(text) == 0
        case .bool(let flag): !flag
        case .list(let nodes): nodes.allSatisfy(\.isZero)
        case .object(let members): members.allSatisfy(\.value.isZero)
        case .null: true
        }
    }
}

extension String {
    /// Bounded for a message.
    var shortened: String {
        utf8.count <= 128 ? self : "\(prefix(125))..."
    }

    /// In quotes for a message, bounded, with Go's escapes for what could break a line.
    var quoted: String {
        let escaped = shortened.unicodeScalars.map { scalar -> String in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "\n": "\\n"
            case "\r": "\\r"
            case "\t": "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                "\\x" + String(scalar.value + 0x100, radix: 16).dropFirst()
            default: String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }
}
