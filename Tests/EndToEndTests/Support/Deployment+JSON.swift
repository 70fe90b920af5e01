// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation

extension Deployment {
    /// Writes the server's file as JSON, as a ConfigMap of a cluster carries it, with the other domain in `federates_with`.
    func writeJSONServerConfiguration(federatesWith other: Deployment) throws {
        let relationship: [String: Any] = [
            "bundle_endpoint_url": other.bundleEndpointURL,
            "bundle_endpoint_profile": [
                ["https_spiffe": ["endpoint_spiffe_id": "spiffe://\(other.trustDomain)/spire/server"]]
            ],
        ]
        let configuration: [String: Any] = [
            "server": [
                "bind_address": "127.0.0.1", "bind_port": "\(ports.server)", "socket_path": serverSocket,
                "trust_domain": trustDomain, "data_dir": folder.path("data"), "log_level": "DEBUG",
                "federation": [
                    "bundle_endpoint": ["address": "127.0.0.1", "port": ports.bundleEndpoint],
                    "federates_with": [other.trustDomain: relationship],
                ],
            ],
            "plugins": [
                "DataStore": [
                    [
                        "sql": [
                            "plugin_data": [
                                "database_type": "sqlite3", "connection_string": folder.path("datastore.sqlite3"),
                            ]
                        ]
                    ]
                ],
                "KeyManager": [["disk": ["plugin_data": ["keys_path": folder.path("keys.json")]]]],
                "NodeAttestor": [["join_token": ["plugin_data": [String: String]()]]],
            ],
        ]
        try JSONSerialization.data(withJSONObject: configuration, options: .prettyPrinted)
            .write(to: URL(filePath: folder.path("conf/server.conf")))
    }
}
