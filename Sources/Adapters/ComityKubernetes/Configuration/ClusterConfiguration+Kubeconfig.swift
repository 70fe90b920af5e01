// SPDX-License-Identifier: Apache-2.0

import SPIFFE

extension ClusterConfiguration {
    /// What a kubeconfig file says.
    ///
    /// Of users are understood `token`, `tokenFile`, `client-certificate(-data)` with `client-key(-data)`, and `exec`.
    ///
    /// - Parameters:
    ///   - path: `nil` takes the files of `KUBECONFIG`, divided by colons, or `.kube/config` in the home folder.
    ///   - context: `nil` takes the file's current one.
    ///   - environment: The variables of this process.
    /// - Throws: ``KubernetesError`` that names what is missing, wrong or not supported.
    public static func kubeconfig(
        path: String? = nil, context: String? = nil, environment: [String: String]
    ) throws(KubernetesError) -> ClusterConfiguration {
        let paths = path.map { [$0] } ?? standardPaths(environment)
        let file = try Kubeconfig(paths: paths)
        let name = context ?? file.currentContext
        guard !name.isEmpty else {
            throw YAML.failure("kubeconfig \(paths.joined(separator: ":")) has no current-context; name a context")
        }
        let chosen = try part(name, of: file.contexts, "context")
        let cluster = try part(chosen["cluster"] ?? "", of: file.clusters, "cluster")
        var configuration = try Self(cluster)
        if let user = chosen["user"] { configuration.credential = try credential(part(user, of: file.users, "user")) }
        configuration.namespace = chosen["namespace"] ?? "default"
        return configuration
    }

    private static func standardPaths(_ environment: [String: String]) -> [String] {
        let listed = (environment["KUBECONFIG"] ?? "").split(separator: ":").map { String($0) }
        return listed.isEmpty ? ["\(environment["HOME"] ?? "/root")/.kube/config"] : listed
    }

    private static func part(
        _ name: String, of parts: [String: Kubeconfig.Part], _ kind: String
    ) throws(KubernetesError) -> Kubeconfig.Part {
        guard let part = parts[name] else {
            throw YAML.failure(
                "kubeconfig has no \(kind) \(name.quoted); it has \(parts.keys.sorted().joined(separator: ", "))")
        }
        return part
    }

    private init(_ cluster: Kubeconfig.Part) throws(KubernetesError) {
        guard let server = cluster["server"] else { throw YAML.failure("kubeconfig: the cluster has no server") }
        guard cluster["proxy-url"] == nil else {
            throw YAML.failure("kubeconfig: proxy-url is not supported; name a server that can be reached directly")
        }
        self.init(
            server: server, authorities: try cluster.pem("certificate-authority"),
            tlsServerName: cluster["tls-server-name"],
            skipsVerification: cluster.content["insecure-skip-tls-verify"]?.bool ?? false)
    }

    private static func credential(_ user: Kubeconfig.Part) throws(KubernetesError) -> ClusterCredential {
        let unsupported = ["as", "as-uid", "as-groups", "as-user-extra", "auth-provider", "username", "password"]
        if let key = unsupported.first(where: { user.content[$0] != nil && user.content[$0] != .null }) {
            throw YAML.failure(
                "kubeconfig: \(key) of a user is not supported; use token, tokenFile, client-certificate or exec")
        }
        if let certificate = try user.pem("client-certificate") {
            guard let key = try user.pem("client-key") else {
                throw YAML.failure("kubeconfig: the user has a client-certificate and no client-key")
            }
            return .certificate(certificate, key: key)
        }
        // As kubectl has it: the file wins, for it may be renewed.
        if let path = user.path("tokenFile") { return .tokenFile(path) }
        if let token = user["token"] {
            guard CredentialFile.isToken(token) else { throw YAML.failure("kubeconfig: the token is malformed") }
            return .token(token)
        }
        guard let exec = user.content["exec"], exec != .null else { return .anonymous }
        return .exec(try ExecPlugin(kubeconfig: exec, folder: user.folder))
    }
}

extension ExecPlugin {
    fileprivate init(kubeconfig exec: JSONValue, folder: String) throws(KubernetesError) {
        guard let command = exec["command"]?.string, !command.isEmpty else {
            throw YAML.failure("kubeconfig: exec has no command")
        }
        let apiVersion = exec["apiVersion"]?.string ?? ""
        guard Self.apiVersions.contains(apiVersion) else {
            throw YAML.failure(
                "kubeconfig: exec has apiVersion \(apiVersion.quoted); understood are "
                    + Self.apiVersions.joined(separator: " and "))
        }
        guard exec["interactiveMode"]?.string != "Always" else {
            throw YAML.failure("kubeconfig: exec with interactiveMode Always needs a person at a terminal")
        }
        var environment: [String: String] = [:]
        for variable in exec["env"]?.array ?? [] {
            if let name = variable["name"]?.string { environment[name] = variable["value"]?.string ?? "" }
        }
        self.init(
            // A path with a folder in it is meant from the file; a bare name is looked for in PATH.
            command: command.contains("/") && !command.hasPrefix("/") ? "\(folder)/\(command)" : command,
            arguments: (exec["args"]?.array ?? []).compactMap(\.string), environment: environment,
            apiVersion: apiVersion, needsClusterInfo: exec["provideClusterInfo"]?.bool ?? false,
            installHint: String((exec["installHint"]?.string ?? "").prefix(512)))
    }
}
