// SPDX-License-Identifier: Apache-2.0

/// Where an API server is, why it is believed, and who asks.
///
/// ```swift
/// let configuration = try ClusterConfiguration.automatic(environment: ProcessInfo.processInfo.environment)
/// let client = try KubernetesClient(configuration, userAgent: "example/1", logger: logger)
/// let pods = try await client.list(.pods, namespace: configuration.namespace)
/// ```
public struct ClusterConfiguration: Hashable, Sendable {
    /// `https://host:port`, with a path when the server is behind one; plain `http` only to a proxy such as `kubectl proxy`.
    public var server: String
    /// Who may have signed the server's certificate; `nil` is whom this machine trusts.
    public var authorities: PEMSource?
    /// The name to expect in the server's certificate instead of the one in the URL.
    public var tlsServerName: String?
    /// Whether any server at all is believed. For tests only.
    public var skipsVerification: Bool
    /// Who asks.
    public var credential: ClusterCredential
    /// The namespace to use where nobody names one.
    public var namespace: String

    /// Makes a configuration by hand.
    public init(
        server: String, authorities: PEMSource? = nil, tlsServerName: String? = nil, skipsVerification: Bool = false,
        credential: ClusterCredential = .anonymous, namespace: String = "default"
    ) {
        self.server = server
        self.authorities = authorities
        self.tlsServerName = tlsServerName
        self.skipsVerification = skipsVerification
        self.credential = credential
        self.namespace = namespace
    }

    /// Takes the kubeconfig that a flag names; else that of the pod this runs in; else the one of `KUBECONFIG` or of the
    /// home folder.
    ///
    /// - Parameters:
    ///   - kubeconfigFlag: A path; `nil` or empty when the user gave none.
    ///   - environment: The variables of this process.
    /// - Throws: ``KubernetesError`` that names what is missing or wrong.
    public static func automatic(
        kubeconfigFlag: String? = nil, environment: [String: String]
    ) throws(KubernetesError) -> ClusterConfiguration {
        if let kubeconfigFlag, !kubeconfigFlag.isEmpty {
            return try kubeconfig(path: kubeconfigFlag, environment: environment)
        }
        if environment["KUBERNETES_SERVICE_HOST"] != nil { return try inCluster(environment: environment) }
        return try kubeconfig(environment: environment)
    }
}
