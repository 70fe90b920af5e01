// SPDX-License-Identifier: Apache-2.0

extension ClusterConfiguration {
    /// Where the kubelet puts the service account's files.
    public static let serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount"

    /// The cluster of the pod that this process runs in, as its service account.
    ///
    /// - Parameters:
    ///   - environment: The variables of this process: `KUBERNETES_SERVICE_HOST` and `KUBERNETES_SERVICE_PORT`.
    ///   - folder: Has `token`, `ca.crt` and `namespace`. Token and authority are read again as the kubelet renews them.
    /// - Throws: ``KubernetesError`` that names what is missing.
    public static func inCluster(
        environment: [String: String], folder: String = serviceAccountFolder
    ) throws(KubernetesError) -> ClusterConfiguration {
        guard
            let host = environment["KUBERNETES_SERVICE_HOST"], !host.isEmpty,
            let port = environment["KUBERNETES_SERVICE_PORT"], !port.isEmpty
        else {
            throw KubernetesError(
                status: nil, reason: KubernetesError.Reason.configuration,
                "not in a pod: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set; name a kubeconfig")
        }
        // Faults are told at the start instead of at the first request.
        _ = try CredentialFile.token(at: "\(folder)/token")
        _ = try PEMSource.file("\(folder)/ca.crt").read("the certificate authority of the service account")
        let namespace = try? BoundedFile.read("\(folder)/namespace", atMost: 1024, name: "the namespace")
        return ClusterConfiguration(
            server: "https://\(host.contains(":") ? "[\(host)]" : host):\(port)",
            authorities: .file("\(folder)/ca.crt"),
            credential: .tokenFile("\(folder)/token"),
            namespace: namespace.map { CredentialFile.trimmed($0) } ?? "default")
    }
}
