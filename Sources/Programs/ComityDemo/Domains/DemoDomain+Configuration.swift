// SPDX-License-Identifier: Apache-2.0

extension DemoDomain {
    /// What `comity server run -config` reads.
    var serverConfigurationText: String {
        """
        # The server of \(name), as `comity demo` runs it.
        server {
            trust_domain = "\(name)"
            bind_address = "127.0.0.1"
            bind_port = "\(serverPort)"
            socket_path = "\(serverSocket)"
            data_dir = "\(folder)/server"
            log_level = "DEBUG"
            ca_ttl = "24h"

            federation {
                # Where partners fetch our bundle.
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

    /// What `comity agent run -config` reads.
    var agentConfigurationText: String {
        """
        # The agent of \(name), as `comity demo` runs it.
        agent {
            trust_domain = "\(name)"
            server_address = "127.0.0.1"
            server_port = \(serverPort)
            socket_path = "\(agentSocket)"
            data_dir = "\(folder)/agent"
            log_level = "DEBUG"
            trust_bundle_path = "\(bundleFile)"
            trust_bundle_format = "spiffe"

            experimental {
                # Looks for changes every second instead of every five, so that the demonstration is short.
                sync_interval = "1s"
            }
        }

        plugins {
            KeyManager "memory" {
                plugin_data {}
            }

            NodeAttestor "join_token" {
                plugin_data {}
            }

            WorkloadAttestor "unix" {
                plugin_data {
                    # For the selector unix:path.
                    discover_workload_path = true
                }
            }
        }

        """
    }
}
