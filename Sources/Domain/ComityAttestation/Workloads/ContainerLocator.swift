// SPDX-License-Identifier: Apache-2.0

/// How the ID of a container is found in the paths of a process's control groups.
package enum ContainerLocator: Hashable, Sendable {
    /// 64 hexadecimal digits as a word of their own, where the path is none of Kubernetes.
    case anyRuntime
    /// The same after the word `docker`.
    case docker
    /// Paths in which `<id>` stands for the ID and `*` for any one component.
    case patterns([String])

    /// - Throws: ``AttestationError`` when two paths name two containers.
    /// - Returns: The ID, and the path that it was found in; `nil` for a process outside of containers.
    package func container(inCgroups text: String) throws(AttestationError) -> (id: String, path: String)? {
        var found: (id: String, path: String)?
        for path in try ControlGroups(parsing: text).paths {
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
        case .anyRuntime: return path.contains("kubepods") ? nil : path.containerIDs.last
        case .docker:
            guard let word = path.firstRange(of: "docker") else { return nil }
            return path[word.upperBound...].containerIDs.last
        case .patterns(let patterns):
            let components = path.split(separator: "/")
            for pattern in patterns {
                if let id = Self.id(in: components, pattern: pattern.split(separator: "/")) { return id }
            }
            return nil
        }
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
}
