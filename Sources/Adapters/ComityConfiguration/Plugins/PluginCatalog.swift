// SPDX-License-Identifier: Apache-2.0

/// What may stand in the `plugins` section of a program.
struct PluginCatalog {
    struct Kind {
        var type: String
        var count: ClosedRange<Int>
        var supported: [String]
        /// Built into SPIRE, not here yet.
        var unsupported: [String]
    }

    private static let supportedNodeAttestors = ["http_challenge", "join_token", "k8s_psat", "sshpop", "x509pop"]
    private static let nodeAttestors = [
        "aws_iid", "azure_imds", "azure_msi", "gcp_iit", "tpm_devid",
    ]

    var kinds: [Kind]

    static let server = PluginCatalog(kinds: [
        Kind(type: "DataStore", count: 1...1, supported: ["sql"], unsupported: []),
        Kind(
            type: "KeyManager", count: 1...1, supported: ["disk", "memory"],
            unsupported: ["aws_kms", "azure_key_vault", "gcp_kms", "hashicorp_vault"]),
        Kind(type: "NodeAttestor", count: 0...64, supported: supportedNodeAttestors, unsupported: nodeAttestors),
        Kind(
            type: "UpstreamAuthority", count: 0...1, supported: ["disk", "spire"],
            unsupported: ["aws_pca", "awssecret", "cert-manager", "ejbca", "gcp_cas", "vault"]),
        Kind(
            type: "BundlePublisher", count: 0...64, supported: ["file", "k8s_configmap"],
            unsupported: [
                "aws_rolesanywhere_trustanchor", "aws_s3", "azure_blob", "gcp_cloudstorage",
            ]),
        Kind(type: "Notifier", count: 0...64, supported: ["k8sbundle"], unsupported: ["gcs_bundle"]),
        Kind(type: "CredentialComposer", count: 0...64, supported: ["uniqueid"], unsupported: []),
    ])

    /// - Parameter hasJoinToken: a token given directly makes the node attestor optional.
    static func agent(hasJoinToken: Bool) -> PluginCatalog {
        PluginCatalog(kinds: [
            Kind(type: "KeyManager", count: 1...1, supported: ["disk", "memory"], unsupported: []),
            Kind(
                type: "NodeAttestor", count: hasJoinToken ? 0...1 : 1...1,
                supported: supportedNodeAttestors, unsupported: nodeAttestors),
            Kind(
                type: "WorkloadAttestor", count: 1...64, supported: ["docker", "k8s", "systemd", "unix"],
                unsupported: ["slurm", "windows"]),
            Kind(
                type: "SVIDStore", count: 0...64, supported: [],
                unsupported: ["aws_secretsmanager", "gcp_secretmanager"]),
        ])
    }
}
