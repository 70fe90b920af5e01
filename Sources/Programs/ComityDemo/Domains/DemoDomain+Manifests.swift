// SPDX-License-Identifier: Apache-2.0

extension DemoDomain {
    var controllerConfiguration: String { "\(folder)/controller.yaml" }
    /// What the controller reads, one object in a file.
    var manifests: String { "\(folder)/manifests" }

    /// What `comity controller -config` reads.
    var controllerConfigurationText: String {
        """
        # The controller of \(name), as `comity demo` runs it: objects come from a folder instead of a cluster.
        apiVersion: spire.spiffe.io/v1alpha1
        kind: ControllerManagerConfig
        clusterName: demo
        trustDomain: \(name)
        spireServerSocketPath: \(serverSocket)
        staticManifestPath: \(manifests)
        metrics:
          bindAddress: "0"

        """
    }

    func manifest(of partner: DemoDomain) -> String { "\(manifests)/\(partner.name).yaml" }

    /// What tells this domain's server where the partner's bundle comes from.
    ///
    /// - Parameter bundle: The partner's first one, as a bundle document.
    func manifestText(partner: DemoDomain, bundle: String) -> String {
        let lines = bundle.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
        return """
            apiVersion: spire.spiffe.io/v1alpha1
            kind: ClusterFederatedTrustDomain
            metadata:
              name: \(partner.name)
            spec:
              trustDomain: \(partner.name)
              bundleEndpointURL: https://127.0.0.1:\(partner.bundlePort)
              bundleEndpointProfile:
                type: https_spiffe
                endpointSPIFFEID: \(partner.id)/spire/server
              trustDomainBundle: |-
            \(lines)

            """
    }
}
