// SPDX-License-Identifier: Apache-2.0

/// The methods that an administrator may call over the network, and so may be allowed to others.
package enum OperatorMethod {
    /// Full methods, such as `/spire.api.server.entry.v1.Entry/ListEntries`.
    package static let all: [String] = services.flatMap { service, methods in
        methods.split(separator: " ").map { "/\(service)/\($0)" }
    }

    private static let services: [(String, String)] = [
        (
            "spire.api.server.agent.v1.Agent",
            "CountAgents ListAgents GetAgent DeleteAgent BanAgent CreateJoinToken"
        ),
        (
            "spire.api.server.bundle.v1.Bundle",
            """
            GetFederatedBundle CountBundles AppendBundle ListFederatedBundles BatchCreateFederatedBundle \
            BatchUpdateFederatedBundle BatchSetFederatedBundle BatchDeleteFederatedBundle
            """
        ),
        (
            "spire.api.server.entry.v1.Entry",
            "CountEntries ListEntries GetEntry BatchCreateEntry BatchUpdateEntry BatchDeleteEntry"
        ),
        ("spire.api.server.svid.v1.SVID", "MintX509SVID MintJWTSVID MintWITSVID"),
        (
            "spire.api.server.trustdomain.v1.TrustDomain",
            """
            ListFederationRelationships GetFederationRelationship RefreshBundle BatchCreateFederationRelationship \
            BatchUpdateFederationRelationship BatchDeleteFederationRelationship
            """
        ),
        (
            "spire.api.server.localauthority.v1.LocalAuthority",
            """
            GetX509AuthorityState PrepareX509Authority ActivateX509Authority TaintX509Authority \
            TaintX509UpstreamAuthority RevokeX509Authority RevokeX509UpstreamAuthority GetJWTAuthorityState \
            PrepareJWTAuthority ActivateJWTAuthority TaintJWTAuthority RevokeJWTAuthority GetWITAuthorityState \
            PrepareWITAuthority ActivateWITAuthority TaintWITAuthority RevokeWITAuthority
            """
        ),
        ("comity.federation.v1.FederationStatus", "GetFederationStatus ListFederationStatus"),
        ("comity.ownership.v1.Ownership", "ListOwned Claim Release"),
    ]

    /// `Entry/ListEntries` for `/spire.api.server.entry.v1.Entry/ListEntries`; no two have the same.
    private static let shortNames = Dictionary(
        uniqueKeysWithValues: all.map { ($0.split(separator: ".").last.map(String.init) ?? $0, $0) })

    /// Finds a method by its full or its short name, or reports the fault.
    static func named(_ name: Setting<String>, of caller: String, _ faults: FaultCollector) -> String? {
        if all.contains(name.value) { return name.value }
        if let method = shortNames[name.value] { return method }
        let written = name.value.split(separator: ".").last.map(String.init) ?? name.value
        let cure =
            Suggestion.nearest(to: written, among: shortNames.keys).map { "did you mean \($0)?" }
            ?? "methods that can be allowed: \(shortNames.keys.sorted().joined(separator: ", "))"
        faults.error(
            "\(caller).methods: \(name.value.quoted) is no method that operators may call over the network",
            at: name.place, cure: cure)
        return nil
    }
}
