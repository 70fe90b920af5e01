// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FakeKubernetes
import Foundation
import SPIFFE

/// A trust domain whose federation comes from a cluster: its server, and the controller of one class that keeps the custom
/// resources and the server in step.
final class ControlledDomain: Sendable {
    let domain: Deployment
    let kubernetes: KubernetesFixture
    let className: String

    /// - Parameter className: Of the controller; one that no other test has, unless it is given.
    init(_ trustDomain: String, in kubernetes: KubernetesFixture, className: String? = nil) throws {
        domain = try Deployment(trustDomain)
        self.kubernetes = kubernetes
        self.className = className ?? "\(trustDomain)-\(kubernetes.suffix)"
    }

    /// The name of the object for a partner, which tells it from those of other tests and of the other domains.
    func objectName(for partner: String) -> String {
        "\(partner)-in-\(domain.trustDomain)-\(kubernetes.suffix)"
    }

    // MARK: - Processes

    /// Starts the server, the controller, and the servers of partners, each from a plain configuration.
    func start(with partners: Deployment...) async throws -> [RunningProgram] {
        var programs: [RunningProgram] = []
        for domain in [domain] + partners {
            try domain.writeServerConfiguration()
            programs.append(try await domain.startServer())
        }
        return programs + [try startController()]
    }

    /// - Parameter more: Further lines of its configuration.
    func startController(_ more: String = "", log: String = "controller.log") throws -> RunningProgram {
        let text = """
            apiVersion: spire.spiffe.io/v1alpha1
            kind: ControllerManagerConfig
            clusterName: \(domain.trustDomain)
            trustDomain: \(domain.trustDomain)
            className: \(className)
            spireServerSocketPath: \(domain.serverSocket)
            gcInterval: 1000000000
            metrics:
              bindAddress: "0"
            reconcile:
              clusterFederatedTrustDomains: true
            \(more)
            """
        let path = domain.folder.path("conf/controller.yaml")
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return try RunningProgram(
            domain.folder.path("comity"),
            ["controller", "-config", path, "-kubeconfig", kubernetes.kubeconfigPath], in: domain.folder.path,
            log: domain.folder.path(log))
    }

    // MARK: - Objects

    /// A ClusterFederatedTrustDomain as the guides have it.
    ///
    /// - Parameters:
    ///   - bundle: Text that goes in as a block scalar, indented as scripts do it.
    ///   - more: Further lines of the specification.
    func manifest(
        for partner: String, url: String, profile: String = "https_web", endpointID: String? = nil,
        bundle: String? = nil, name: String? = nil, more: String = ""
    ) -> String {
        var lines = [
            "apiVersion: spire.spiffe.io/v1alpha1", "kind: ClusterFederatedTrustDomain", "metadata:",
            "  name: \(name ?? objectName(for: partner))", "spec:", "  trustDomain: \(partner)",
            "  className: \(className)", "  bundleEndpointURL: \(url)", "  bundleEndpointProfile:",
            "    type: \(profile)",
        ]
        if let endpointID { lines.append("    endpointSPIFFEID: \(endpointID)") }
        if let bundle {
            lines.append("  trustDomainBundle: |-")
            lines += bundle.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }
        }
        if !more.isEmpty { lines.append("  \(more)") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The same for another domain's endpoint with `https_spiffe`.
    func manifest(for partner: Deployment, bundle: String? = nil, more: String = "") -> String {
        manifest(
            for: partner.trustDomain, url: partner.bundleEndpointURL, profile: "https_spiffe",
            endpointID: "spiffe://\(partner.trustDomain)/spire/server", bundle: bundle, more: more)
    }

    func object(_ name: String) async throws -> JSONValue? {
        let result = try await kubernetes.kubectl("get", "clusterfederatedtrustdomain", name, "-o", "json")
        guard result.exitCode == 0 else { return Optional.none }
        return try JSONValue(parsing: Array(result.output.utf8), maximumBytes: 4 << 20)
    }

    /// Waits until the status says something; answers with it.
    @discardableResult
    func status(
        of name: String, _ what: String, within limit: Duration = .seconds(30),
        _ isMet: (JSONValue) -> Bool
    ) async throws -> JSONValue {
        var last: JSONValue?
        // A bare `nil` would be a JSON null here.
        return try await eventually("\(name) says that \(what)", within: limit, or: { "\(last ?? .null)" }) {
            last = try await object(name)?["status"]
            guard let status = last, isMet(status) else { return nil as JSONValue? }
            return status
        }
    }

    /// Waits until the status of the object for a partner has a condition, as `Ready True Fresh`.
    @discardableResult
    func condition(
        _ kind: String, _ expected: String, for partner: String, within limit: Duration = .seconds(30)
    ) async throws -> JSONValue {
        try await status(of: objectName(for: partner), "\(kind) is \(expected)", within: limit) {
            $0.condition(kind) == expected
        }
    }

    /// Takes away what this domain's objects leave in a shared cluster.
    func removeObjects(for partners: String...) async throws {
        for partner in partners {
            try await kubernetes.kubectl(
                "delete", "clusterfederatedtrustdomain", objectName(for: partner), "--ignore-not-found",
                "--timeout=10s"
            ).check()
        }
    }
}

extension JSONValue {
    /// State and reason of a condition.
    func condition(_ kind: String) -> String? {
        self["conditions"]?.array?.first { $0["type"]?.string == kind }.map {
            "\($0["status"]?.string ?? "") \($0["reason"]?.string ?? "")"
        }
    }

    func conditionMessage(_ kind: String) -> String? {
        self["conditions"]?.array?.first { $0["type"]?.string == kind }?["message"]?.string
    }
}

extension Deployment {
    /// This domain's bundle in SPIFFE's format, as `bundle show` prints it.
    func bundleDocument() async throws -> String {
        try await server("bundle", "show", "-format", "spiffe").check().output
    }

    /// What is stored of a partner.
    func storedBundle(of partner: String) async throws -> String {
        try await server("bundle", "list", "-id", partner, "-format", "spiffe").check().output
    }
}

extension KubernetesFixture {
    /// A cluster with the definitions of the custom resources.
    static func withCustomResources() async throws -> KubernetesFixture {
        let kubernetes = try await start()
        try await kubernetes.installCustomResources()
        return kubernetes
    }
}
