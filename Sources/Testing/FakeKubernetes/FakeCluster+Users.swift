// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FoundationEssentials
import SPIFFE
import X509

extension FakeCluster {
    /// A kubeconfig file with a client certificate, embedded.
    package func kubeconfig(ofUser name: String, groups: [String] = ["system:masters"]) throws -> String {
        let identity = try authority.leaf {
            $0.subject = try DistinguishedName {
                for group in groups { OrganizationName(group) }
                CommonName(name)
            }
            $0.names = []
        }
        let folder = try TemporaryFolder()
        let kubeconfig = Kubeconfig(
            server: url, authorityPEM: try authority.rootPEM,
            user: .certificate(pem: try identity.certificatesPEM, keyPEM: try identity.keyPEM))
        try kubeconfig.write(to: folder.path("kubeconfig"))
        return folder.path("kubeconfig")
    }

    /// A token of a service account that is there.
    ///
    /// - Parameter pod: what the token is bound to.
    package func token(
        ofServiceAccount name: String, namespace: String, audiences: [String] = [], pod: String? = nil
    ) throws -> String {
        var spec: JSONValue = ["audiences": .array(audiences.map { .string($0) })]
        if let pod { spec[at: "boundObjectRef"] = ["kind": "Pod", "apiVersion": "v1", "name": .string(pod)] }
        let account = ObjectName(namespace: namespace, name: name)
        return try TokenIssuing(server: server, account: account).status(for: spec)["token"]?.string ?? ""
    }

    /// The files that a pod of the service account finds at `/var/run/secrets/kubernetes.io/serviceaccount`.
    package func serviceAccountFolder(_ name: String, namespace: String) throws -> String {
        let folder = try TemporaryFolder()
        let files = [
            "token": try token(ofServiceAccount: name, namespace: namespace), "namespace": namespace,
            "ca.crt": try authority.rootPEM,
        ]
        for (file, text) in files { try text.write(toFile: folder.path(file), atomically: true, encoding: .utf8) }
        return folder.path
    }

    func newUID() -> String { UUID().uuidString.lowercased() }
}
