// SPDX-License-Identifier: Apache-2.0

/// A program that prints a credential (`client.authentication.k8s.io`).
public struct ExecPlugin: Hashable, Sendable {
    /// A path, or a name that is looked for in `PATH`.
    public var command: String
    /// What follows the name.
    public var arguments: [String]
    /// Variables besides those of this process.
    public var environment: [String: String]
    /// `client.authentication.k8s.io/v1` or `…/v1beta1`.
    public var apiVersion: String
    /// Whether the program is told about the cluster.
    public var needsClusterInfo: Bool
    /// What to tell when the program is not there.
    public var installHint: String
    /// How long it may take.
    public var timeLimit: Duration

    /// Makes a description of a program; nothing is run yet.
    public init(
        command: String, arguments: [String] = [], environment: [String: String] = [:],
        apiVersion: String = "client.authentication.k8s.io/v1", needsClusterInfo: Bool = false,
        installHint: String = "",
        timeLimit: Duration = .seconds(60)
    ) {
        self.command = command
        self.arguments = arguments
        self.environment = environment
        self.apiVersion = apiVersion
        self.needsClusterInfo = needsClusterInfo
        self.installHint = installHint
        self.timeLimit = timeLimit
    }

    /// The versions of ExecCredential that are understood.
    static let apiVersions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"]
}
