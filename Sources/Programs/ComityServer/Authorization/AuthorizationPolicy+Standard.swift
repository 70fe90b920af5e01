// SPDX-License-Identifier: Apache-2.0

extension AuthorizationPolicy {
    /// SPIRE's default policy, and the same rule for our own services.
    package static let standard: AuthorizationPolicy = {
        var grants: [String: Grants] = [:]
        for (service, rows) in table {
            for (methods, granted) in rows {
                for method in methods.split(separator: " ") {
                    grants["/\(service)/\(method)"] = granted
                }
            }
        }
        return AuthorizationPolicy(grants)
    }()

    private static let operators: Grants = [.admin, .local]

    private static let table: [(service: String, rows: [(methods: String, grants: Grants)])] = [
        (
            "spire.api.server.agent.v1.Agent",
            [
                ("AttestAgent", .anyone),
                ("RenewAgent PostStatus", .agent),
                ("CountAgents ListAgents GetAgent DeleteAgent BanAgent CreateJoinToken", operators),
            ]
        ),
        (
            "spire.api.server.bundle.v1.Bundle",
            [
                ("GetBundle", .anyone),
                ("GetFederatedBundle", [.agent, .admin, .local]),
                ("PublishJWTAuthority PublishWITAuthority", .downstream),
                ("CountBundles AppendBundle ListFederatedBundles BatchCreateFederatedBundle", operators),
                ("BatchUpdateFederatedBundle BatchSetFederatedBundle BatchDeleteFederatedBundle", operators),
            ]
        ),
        (
            "spire.api.server.entry.v1.Entry",
            [
                ("GetAuthorizedEntries SyncAuthorizedEntries", .agent),
                ("CountEntries ListEntries GetEntry BatchCreateEntry BatchUpdateEntry BatchDeleteEntry", operators),
            ]
        ),
        (
            "spire.api.server.svid.v1.SVID",
            [
                ("BatchNewX509SVID NewJWTSVID BatchNewWITSVID", .agent),
                ("NewDownstreamX509CA", .downstream),
                ("MintX509SVID MintJWTSVID MintWITSVID", operators),
            ]
        ),
        (
            "spire.api.server.trustdomain.v1.TrustDomain",
            [
                ("ListFederationRelationships GetFederationRelationship RefreshBundle", operators),
                ("BatchCreateFederationRelationship BatchUpdateFederationRelationship", operators),
                ("BatchDeleteFederationRelationship", operators),
            ]
        ),
        (
            "spire.api.server.localauthority.v1.LocalAuthority",
            [
                ("GetX509AuthorityState PrepareX509Authority ActivateX509Authority", operators),
                ("TaintX509Authority TaintX509UpstreamAuthority", operators),
                ("RevokeX509Authority RevokeX509UpstreamAuthority", operators),
                ("GetJWTAuthorityState PrepareJWTAuthority ActivateJWTAuthority", operators),
                ("TaintJWTAuthority RevokeJWTAuthority", operators),
                ("GetWITAuthorityState PrepareWITAuthority ActivateWITAuthority", operators),
                ("TaintWITAuthority RevokeWITAuthority", operators),
            ]
        ),
        ("spire.api.server.debug.v1.Debug", [("GetInfo", .local)]),
        ("spire.api.server.logger.v1.Logger", [("GetLogger SetLogLevel ResetLogLevel", .local)]),
        ("grpc.health.v1.Health", [("Check List Watch", .local)]),
        ("comity.federation.v1.FederationStatus", [("GetFederationStatus ListFederationStatus", operators)]),
        ("comity.ownership.v1.Ownership", [("ListOwned Claim Release", operators)]),
    ]
}
