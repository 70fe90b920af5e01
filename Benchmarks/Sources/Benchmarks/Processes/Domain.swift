// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The files and ports of one trust domain on this machine: `bench.example`.
struct Domain: Sendable {
    static let name = "bench.example"

    let executable: String
    let folder: String
    let serverPort: Int
    let bundlePort: Int

    var serverSocket: String { "\(folder)/server.sock" }
    var agentSocket: String { "\(folder)/agent.sock" }
    var bundleURL: String { "https://127.0.0.1:\(bundlePort)/" }

    init(executable: String, folder: String) throws {
        self.executable = executable
        self.folder = folder
        (serverPort, bundlePort) = try FreePorts.pair()
        try serverConfiguration.write(toFile: "\(folder)/server.conf", atomically: false, encoding: .utf8)
        try agentConfiguration.write(toFile: "\(folder)/agent.conf", atomically: false, encoding: .utf8)
    }

    func startServer() throws -> MeasuredProcess {
        try MeasuredProcess(
            executable, ["server", "run", "-config", "\(folder)/server.conf"], log: "\(folder)/server.log")
    }

    func startAgent(joinToken: String) throws -> MeasuredProcess {
        try MeasuredProcess(
            executable, ["agent", "run", "-config", "\(folder)/agent.conf", "-joinToken", joinToken],
            log: "\(folder)/agent.log")
    }

    /// - Parameter kubeconfig: of the cluster that it works for.
    func startController(kubeconfig: String) throws -> MeasuredProcess {
        let file = "\(folder)/controller.yaml"
        try controllerConfiguration.write(toFile: file, atomically: false, encoding: .utf8)
        return try MeasuredProcess(
            executable, ["controller", "--config", file, "--kubeconfig", kubeconfig], log: "\(folder)/controller.log")
    }

    private var controllerConfiguration: String {
        """
        apiVersion: spire.spiffe.io/v1alpha1
        kind: ControllerManagerConfig
        clusterName: bench
        clusterDomain: cluster.local
        trustDomain: \(Self.name)
        entryIDPrefix: bench
        spireServerSocketPath: \(serverSocket)
        ignoreNamespaces: ["^kube-"]
        metrics:
          bindAddress: "0"

        """
    }

    /// What a user writes, but for the limits per second, which would measure waiting.
    private var serverConfiguration: String {
        """
        server {
            trust_domain = "\(Self.name)"
            bind_address = "127.0.0.1"
            bind_port = "\(serverPort)"
            socket_path = "\(serverSocket)"
            data_dir = "\(folder)/server"

            ratelimit {
                attestation = false
                signing = false
            }

            federation {
                bundle_endpoint {
                    address = "127.0.0.1"
                    port = \(bundlePort)
                    profile "https_spiffe" {}
                }
            }
        }

        plugins {
            DataStore "sql" {
                plugin_data {
                    database_type = "sqlite3"
                    connection_string = "\(folder)/server/datastore.sqlite3"
                }
            }

            KeyManager "disk" {
                plugin_data {
                    keys_path = "\(folder)/server/keys.json"
                }
            }

            NodeAttestor "join_token" {
                plugin_data {}
            }
        }

        """
    }

    private var agentConfiguration: String {
        """
        agent {
            trust_domain = "\(Self.name)"
            server_address = "127.0.0.1"
            server_port = \(serverPort)
            socket_path = "\(agentSocket)"
            data_dir = "\(folder)/agent"
            insecure_bootstrap = true
        }

        plugins {
            KeyManager "memory" {
                plugin_data {}
            }

            NodeAttestor "join_token" {
                plugin_data {}
            }

            WorkloadAttestor "unix" {
                plugin_data {}
            }
        }

        """
    }
}
