// SPDX-License-Identifier: Apache-2.0

/// How the ID of a container is found in the paths of a process's control groups.
package enum ContainerLocator: Hashable, Sendable {
    /// 64 hexadecimal digits as a word of their own, where the path is none of Kubernetes.
    case anyRuntime
    /// The same after the word `docker`.
    case docker
    /// Paths in which `<id>` stands for the ID and `*` for any one component.
    case patterns([String])

    private static let length = 64

    /// - Throws: ``AttestationError`` when two paths name two containers.
    /// - Returns: The ID, and the path that it was found in; `nil` for a process outside of containers.
    package func container(inCgroups text: String) throws(AttestationError) -> (id: String, path: String)? {
        var found: (id: String, path: String)?
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else {
                throw AttestationError(.internalError, "cgroup entry has fewer than two colons")
            }
            let path = String(fields[2])
            guard let id = id(in: path) else { continue }
            if let found, found.id != id {
                throw AttestationError(
                    .internalError, "multiple container IDs found in cgroups (\(found.id), \(id))")
            }
            found = found ?? (id, path)
        }
        return found
    }

    private func id(in path: String) -> String? {
        switch self {
        case .anyRuntime: return path.contains("kubepods") ? nil : Self.lastID(in: path[...])
        case .docker:
            guard let word = path.firstRange(of: "docker") else { return nil }
            return Self.lastID(in: path[word.upperBound...])
        case .patterns(let patterns):
            let components = path.split(separator: "/")
            for pattern in patterns {
                if let id = Self.id(in: components, pattern: pattern.split(separator: "/")) { return id }
            }
            return nil
        }
    }

    private static func lastID(in path: Substring) -> String? {
        let words = path.utf8.split { !isWordPart($0) }
        return words.last { $0.count == length && $0.allSatisfy(isDigit) }.map { String(Substring($0)) }
    }

    private static func id(in components: [Substring], pattern: [Substring]) -> String? {
        guard components.count == pattern.count else { return nil }
        var id: Substring?
        for (component, expected) in zip(components, pattern) {
            switch expected {
            case "<id>": id = component
            case "*", component: continue
            default: return nil
            }
        }
        return id.map { String($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    private static func isWordPart(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
            || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte & 0xDF)
    }
}
