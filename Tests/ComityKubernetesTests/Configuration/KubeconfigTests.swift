// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import ComityTesting
import SPIFFE
import Testing

struct KubeconfigTests {
    private func configuration(
        cluster: String = "server: https://cluster.example:6443", user: String, context: String = "cluster: c, user: u"
    ) throws -> ClusterConfiguration {
        let path = try TemporaryFolder().path("config")
        let text = """
            apiVersion: v1
            kind: Config
            current-context: x
            contexts: [{name: x, context: {\(context)}}]
            clusters:
            - name: c
              cluster: {\(cluster)}
            users:
            - name: u
              user: {\(user)}
            """
        try #require(write(text, to: path))
        return try ClusterConfiguration.kubeconfig(path: path, environment: [:])
    }

    @Test("says the server, the authority, the namespace and the user") func whole() throws {
        let found = try configuration(
            cluster: "server: 'https://127.0.0.1:6443', certificate-authority-data: QUJD, tls-server-name: kube",
            user: "token: abc", context: "cluster: c, user: u, namespace: spire")
        #expect(
            found
                == ClusterConfiguration(
                    server: "https://127.0.0.1:6443", authorities: .text(Array("ABC".utf8)), tlsServerName: "kube",
                    credential: .token("abc"), namespace: "spire"))
    }

    @Test("a user says who asks in every way that is understood")
    func users() throws {
        #expect(try configuration(user: "").credential == .anonymous)
        #expect(try configuration(user: "token: a, tokenFile: /t").credential == .tokenFile("/t"))
        #expect(
            try configuration(user: "client-certificate-data: QQ==, client-key: /k").credential
                == .certificate(.text([0x41]), key: .file("/k")))
        let exec =
            "exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: aws, args: [eks, get-token], env: [{name: A, value: b}], provideClusterInfo: true}"
        #expect(
            try configuration(user: exec).credential
                == .exec(
                    ExecPlugin(
                        command: "aws", arguments: ["eks", "get-token"], environment: ["A": "b"],
                        apiVersion: "client.authentication.k8s.io/v1beta1", needsClusterInfo: true)))
    }

    @Test("paths are meant from the file that names them") func relativePaths() throws {
        let folder = try TemporaryFolder()
        let text = """
            current-context: x
            contexts: [{name: x, context: {cluster: c, user: u}}]
            clusters: [{name: c, cluster: {server: "https://a", certificate-authority: ca.pem}}]
            users: [{name: u, user: {tokenFile: sub/token}}]
            """
        try #require(write(text, to: folder.path("config")))
        let found = try ClusterConfiguration.kubeconfig(path: folder.path("config"), environment: [:])
        #expect(found.authorities == .file(folder.path("ca.pem")))
        #expect(found.credential == .tokenFile(folder.path("sub/token")))
    }

    @Test("of several files the first that names something wins, and files that are not there are left out")
    func merged() throws {
        let folder = try TemporaryFolder()
        let first = "current-context: b\nclusters: [{name: c, cluster: {server: 'https://first'}}]\n"
        let second = """
            current-context: a
            clusters: [{name: c, cluster: {server: 'https://second'}}]
            contexts: [{name: a, context: {cluster: none}}, {name: b, context: {cluster: c, namespace: n}}]
            """
        try #require(write(first, to: folder.path("1")) && write(second, to: folder.path("2")))
        let paths = [folder.path("1"), folder.path("missing"), folder.path("2")].joined(separator: ":")
        let found = try ClusterConfiguration.kubeconfig(environment: ["KUBECONFIG": paths])
        #expect(found == ClusterConfiguration(server: "https://first", namespace: "n"))
        let error = #expect(throws: KubernetesError.self) {
            try ClusterConfiguration.kubeconfig(context: "a", environment: ["KUBECONFIG": paths])
        }
        #expect(error?.message == #"kubeconfig has no cluster "none"; it has c"#)
    }

    @Test(
        "what cannot be used is named",
        arguments: [
            ("as: admin", "as of a user is not supported"), ("as-groups: [a]", "as-groups of a user"),
            ("username: a, password: secret", "username of a user"),
            ("auth-provider: {name: gcp}", "auth-provider of a user"),
            ("client-certificate: /c", "no client-key"),
            ("client-certificate-data: '***', client-key: /k", "is not base64"),
            ("token: 'sec\\u00e9ret'", ""), ("token: \"secret\\nsecret\"", "the token is malformed"),
            ("exec: {command: a, apiVersion: client.authentication.k8s.io/v1alpha1}", "understood are"),
            ("exec: {apiVersion: client.authentication.k8s.io/v1}", "no command"),
            (
                "exec: {apiVersion: client.authentication.k8s.io/v1, command: a, interactiveMode: Always}",
                "person at a terminal"
            ),
        ])
    func unusable(user: String, expected: String) throws {
        guard !expected.isEmpty else { return }
        let error = #expect(throws: KubernetesError.self) { try configuration(user: user) }
        #expect(error?.message.contains(expected) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("secret") == false)
    }

    @Test(
        "a server that is none, or that would see the credential, is refused",
        arguments: ["cluster.example:6443", "ftp://a", "https://", "https://u@a", "http://a", "https://a?b=c"])
    func servers(_ server: String) throws {
        let configuration = ClusterConfiguration(server: server, credential: .token("a"))
        let error = #expect(throws: KubernetesError.self) {
            try KubernetesClient(configuration, userAgent: "a", logger: RecordedLog().logger())
        }
        #expect(error?.reason == KubernetesError.Reason.configuration)
    }

    @Test("proxy-url is refused instead of passed by") func proxy() throws {
        let error = #expect(throws: KubernetesError.self) {
            try configuration(cluster: "server: 'https://a', proxy-url: 'http://p'", user: "")
        }
        #expect(error?.message.contains("proxy-url is not supported") == true)
    }

    @Test("no file, no context, several documents and no mapping are told with the file's name")
    func badFiles() throws {
        let folder = try TemporaryFolder()
        for (text, expected) in [
            ("", "no current-context"), ("a: 1\n---\nb: 2\n", "more than one document"), ("- a\n", "is no mapping"),
            ("a: [", folder.path("config")), ("current-context: x\n", "no context \"x\""),
        ] {
            try #require(write(text, to: folder.path("config")))
            let error = #expect(throws: KubernetesError.self) {
                try ClusterConfiguration.kubeconfig(path: folder.path("config"), environment: [:])
            }
            #expect(error?.message.contains(expected) == true, "\(error?.message ?? "")")
        }
        let error = #expect(throws: KubernetesError.self) {
            try ClusterConfiguration.automatic(environment: ["HOME": folder.path])
        }
        #expect(error?.message.contains("\(folder.path)/.kube/config") == true)
    }

    @Test("in a pod the service account's files are used") func inCluster() throws {
        let folder = try TemporaryFolder()
        let environment = ["KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"]
        #expect(throws: KubernetesError.self) {
            try ClusterConfiguration.inCluster(environment: environment, folder: folder.path)
        }
        try #require(
            write("abc\n", to: folder.path("token")) && write("pem", to: folder.path("ca.crt"))
                && write("spire", to: folder.path("namespace")))
        #expect(
            try ClusterConfiguration.inCluster(environment: environment, folder: folder.path)
                == ClusterConfiguration(
                    server: "https://[fd00::1]:443", authorities: .file(folder.path("ca.crt")),
                    credential: .tokenFile(folder.path("token")), namespace: "spire"))
        #expect(throws: KubernetesError.self) {
            try ClusterConfiguration.inCluster(environment: [:], folder: folder.path)
        }
    }
}
