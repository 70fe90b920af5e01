// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SPIFFE

/// A kubeconfig file with one cluster and one user; JSON, which is YAML too.
struct Kubeconfig: Sendable {
    enum User: Sendable {
        case token(String)
        case certificate(pem: String, keyPEM: String)
    }

    let server: String
    let authorityPEM: String
    let user: User

    func write(to path: String) throws {
        let authority = Base64.standard.encode(Array(authorityPEM.utf8))
        let document: JSONValue = [
            "apiVersion": "v1", "kind": "Config", "current-context": "fake",
            "clusters": [
                [
                    "name": "fake",
                    "cluster": ["server": .string(server), "certificate-authority-data": .string(authority)],
                ]
            ],
            "users": [["name": "user", "user": userValue]],
            "contexts": [["name": "fake", "context": ["cluster": "fake", "user": "user"]]],
        ]
        try Data(document.bytes(format: .document)).write(to: URL(filePath: path))
    }

    private var userValue: JSONValue {
        switch user {
        case .token(let token): ["token": .string(token)]
        case .certificate(let pem, let keyPEM):
            [
                "client-certificate-data": .string(Base64.standard.encode(Array(pem.utf8))),
                "client-key-data": .string(Base64.standard.encode(Array(keyPEM.utf8))),
            ]
        }
    }
}
