// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// The container of a pod that a process is in, as its control groups name it.
package struct PodContainer: Hashable, Sendable {
    /// `nil` where the paths do not tell, because the agent is in the same pod.
    package var podUID: String?
    package var containerID: String

    package init(podUID: String?, containerID: String) {
        self.podUID = podUID
        self.containerID = containerID
    }

    /// Finds the container in the paths of any runtime and either driver; `nil` for a process outside of pods.
    ///
    /// The outermost pod of a path counts: what is below it, a container with rights of its own may have named.
    ///
    /// - Throws: ``AttestationError`` when two paths name two containers, or when a user named the groups.
    package init?(_ groups: ControlGroups) throws(AttestationError) {
        var found: PodContainer?
        for path in groups.paths {
            guard let container = try Self.container(in: path) else { continue }
            found = try found?.merged(with: container) ?? container
        }
        guard let found else { return nil }
        self = found
    }

    /// One that names its pod counts more: a machine in a container has paths without a pod besides.
    private func merged(with other: PodContainer) throws(AttestationError) -> PodContainer {
        guard let podUID else { return other.podUID == nil ? try agreeing(with: other) : other }
        guard let otherUID = other.podUID else { return self }
        guard podUID == otherUID else { throw Self.conflict("pod UIDs", podUID, otherUID) }
        return try agreeing(with: other)
    }

    private func agreeing(with other: PodContainer) throws(AttestationError) -> PodContainer {
        guard containerID == other.containerID else {
            throw Self.conflict("container IDs", containerID, other.containerID)
        }
        return self
    }

    private static func conflict(_ kind: String, _ first: String, _ second: String) -> AttestationError {
        AttestationError(.internalError, "multiple \(kind) found (\(first.quoted), \(second.quoted))")
    }

    private static func container(in path: String) throws(AttestationError) -> PodContainer? {
        let components = path.split(separator: "/")
        for (index, component) in components.enumerated() {
            guard let (uid, rest) = podUID(in: component) else { continue }
            if let user = components[..<index].first(where: isUserSlice) {
                throw AttestationError(
                    .permissionDenied,
                    "process bears the name of pod \(uid) in a control group below \(user), where users give names")
            }
            let below = [rest] + components[(index + 1)...]
            return below.lazy.compactMap(\.containerIDs.first).first.map { PodContainer(podUID: uid, containerID: $0) }
        }
        // Beside the agent's own container there is nothing but the containers of its pod.
        guard components.first == "..", components.dropFirst().first != ".." else { return nil }
        return components.dropFirst().first?.containerIDs.first.map { PodContainer(podUID: nil, containerID: $0) }
    }

    private static func isUserSlice(_ component: Substring) -> Bool {
        component == "user.slice" || component.hasPrefix("user-") && component.hasSuffix(".slice")
    }

    // MARK: - The pod's UID

    /// A UID after the word `pod`, with dashes or with the underscores that systemd's driver makes of them; of a static
    /// pod a digest without either.
    private static func podUID(in component: Substring) -> (uid: String, rest: Substring)? {
        var start = component.startIndex
        while let word = component[start...].firstRange(of: "pod") {
            start = word.upperBound
            let isWhole = word.lowerBound == component.startIndex || component[..<word.lowerBound].last == "-"
            guard isWhole else { continue }
            for isDashed in [true, false] {
                if let uid = uid(at: component[start...], isDashed: isDashed) {
                    return (uid.replacing("_", with: "-"), component[start...].dropFirst(uid.count))
                }
            }
        }
        return nil
    }

    private static func uid(at text: Substring, isDashed: Bool) -> String? {
        let length = isDashed ? 36 : 32
        let uid = text.utf8.prefix(length)
        guard uid.count == length, text.utf8.dropFirst(length).first?.isWordPart != true else { return nil }
        for (index, byte) in uid.enumerated() {
            let isDash = isDashed && [8, 13, 18, 23].contains(index)
            guard isDash ? byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") : byte.isHexDigit else {
                return nil
            }
        }
        return String(Substring(uid))
    }
}
