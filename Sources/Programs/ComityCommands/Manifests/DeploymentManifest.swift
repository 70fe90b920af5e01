// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import SPIFFE

/// What an overlay of `Deploy/Kubernetes` prints, with the settings of one cluster.
struct DeploymentManifest: Hashable {
    private static let overlays = ["kind": kind, "openshift": openShift]

    private(set) var text: String

    /// - Throws: ``CommandError`` with code `input`.
    init(overlay name: String) throws(CommandError) {
        let known = Self.overlays.keys.sorted().joined(separator: " or ")
        guard let text = Self.overlays[name] else {
            throw CommandError(
                .input, name.isEmpty ? "overlay flag is required" : "unknown overlay \(name.quoted)",
                cure: "use \(known)")
        }
        self.text = text
    }

    /// - Throws: ``CommandError`` with code `input`, as do the following.
    mutating func set(trustDomain: String) throws(CommandError) {
        replace("TRUST_DOMAIN: example.org", by: "TRUST_DOMAIN", try TrustDomain(argument: trustDomain).name)
    }

    mutating func set(clusterName: String) throws(CommandError) {
        guard clusterName.utf8.count <= 63, clusterName.wholeMatch(of: /[a-z0-9]([-a-z0-9]*[a-z0-9])?/) != nil else {
            throw CommandError(
                .input,
                "invalid cluster name \(clusterName.quoted): at most 63 lower-case letters, digits and dashes are allowed"
            )
        }
        replace("CLUSTER_NAME: example-cluster", by: "CLUSTER_NAME", clusterName)
    }

    mutating func set(className: String) throws(CommandError) {
        guard className.utf8.count <= 253, className.wholeMatch(of: /[A-Za-z0-9]([-._A-Za-z0-9]*[A-Za-z0-9])?/) != nil
        else {
            throw CommandError(
                .input,
                "invalid class name \(className.quoted): letters, digits, dashes, dots and underscores are allowed")
        }
        replace("CLASS_NAME: \"\"", by: "CLASS_NAME", className)
    }

    mutating func set(image: String) throws(CommandError) {
        guard image.wholeMatch(of: /[A-Za-z0-9][-A-Za-z0-9._\/:@]*/) != nil else {
            throw CommandError(
                .input, "invalid image \(image.quoted)", cure: "write it like registry.example/comity:1.0")
        }
        replace("image: comity:latest", by: "image", image)
    }

    /// Each is a line of its own.
    private mutating func replace(_ line: String, by name: String, _ value: String) {
        var member = JSONObject()
        member[name] = .string(value)
        let written = YAML.text(.object(member)).split(separator: "\n").joined()
        text = text.split(separator: "\n", omittingEmptySubsequences: false).map { present in
            guard present.hasSuffix(line) else { return String(present) }
            let indentation = present.dropLast(line.utf8.count)
            return indentation.allSatisfy { " -".contains($0) } ? indentation + written : String(present)
        }.joined(separator: "\n")
    }
}
