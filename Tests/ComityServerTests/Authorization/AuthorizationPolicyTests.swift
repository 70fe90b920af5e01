// SPDX-License-Identifier: Apache-2.0

import ComityConfiguration
import ComityRegistry
import ComityServer
import GRPCCore
import SPIFFE
import ServerAPIProtos
import Testing

@Suite struct AuthorizationPolicyTests {
    /// SPIRE's default policy, written down method by method and independently of the policy itself.
    static let expectations: [(methods: [String], grants: AuthorizationPolicy.Grants)] = [
        (["bundle.v1.Bundle/GetBundle", "agent.v1.Agent/AttestAgent"], .anyone),
        (
            [
                "svid.v1.SVID/BatchNewX509SVID", "svid.v1.SVID/NewJWTSVID", "svid.v1.SVID/BatchNewWITSVID",
                "entry.v1.Entry/GetAuthorizedEntries", "entry.v1.Entry/SyncAuthorizedEntries",
                "agent.v1.Agent/RenewAgent", "agent.v1.Agent/PostStatus",
            ], .agent
        ),
        (["bundle.v1.Bundle/GetFederatedBundle"], [.agent, .admin, .local]),
        (
            [
                "svid.v1.SVID/NewDownstreamX509CA", "bundle.v1.Bundle/PublishJWTAuthority",
                "bundle.v1.Bundle/PublishWITAuthority",
            ], .downstream
        ),
        (
            [
                "debug.v1.Debug/GetInfo", "logger.v1.Logger/GetLogger", "logger.v1.Logger/SetLogLevel",
                "logger.v1.Logger/ResetLogLevel",
            ], .local
        ),
    ]

    @Test(arguments: expectations.indices)
    func grantsAsSPIREDoes(row: Int) {
        let (methods, grants) = Self.expectations[row]
        for method in methods {
            #expect(AuthorizationPolicy.standard.grants(of: "/spire.api.server.\(method)") == grants)
        }
    }

    @Test(arguments: ["Check", "List", "Watch"])
    func keepsHealthLocal(method: String) {
        #expect(AuthorizationPolicy.standard.grants(of: "/grpc.health.v1.Health/\(method)") == .local)
    }

    @Test func givesAllOtherMethodsToOperators() {
        let special = Set(Self.expectations.flatMap(\.methods).map { "/spire.api.server.\($0)" })
        let others = AuthorizationPolicy.standard.methods.filter {
            !special.contains($0) && !$0.hasPrefix("/grpc.health.")
        }
        #expect(others.allSatisfy { AuthorizationPolicy.standard.grants(of: $0) == [.admin, .local] })
        // SPIRE's 65 and the five of our own services.
        #expect(AuthorizationPolicy.standard.methods.count == 70)
    }

    @Test func knowsEveryMethodOfTheProtos() {
        let methods = [
            Spire_Api_Server_Agent_V1_Agent.Method.descriptors, Spire_Api_Server_Bundle_V1_Bundle.Method.descriptors,
            Spire_Api_Server_Debug_V1_Debug.Method.descriptors, Spire_Api_Server_Entry_V1_Entry.Method.descriptors,
            Spire_Api_Server_Localauthority_V1_LocalAuthority.Method.descriptors,
            Spire_Api_Server_Logger_V1_Logger.Method.descriptors, Spire_Api_Server_Svid_V1_SVID.Method.descriptors,
            Spire_Api_Server_Trustdomain_V1_TrustDomain.Method.descriptors, Grpc_Health_V1_Health.Method.descriptors,
            Comity_Federation_V1_FederationStatus.Method.descriptors,
            Comity_Ownership_V1_Ownership.Method.descriptors,
        ].flatMap { $0 }
        let names = methods.map { "/\($0.fullyQualifiedMethod)" }.sorted()
        #expect(AuthorizationPolicy.standard.methods == names)
    }

    @Test func deniesAnUnknownMethodToEveryone() {
        var caller = Caller.local
        caller.isAdminByConfiguration = true
        #expect(AuthorizationPolicy.standard.decide(method: "/spire.api.server.x.v1.X/Y", caller: caller) == .deny)
    }

    @Test func takesTheFirstGroundThatHolds() throws {
        let policy = AuthorizationPolicy(["/all": [.anyone, .local], "/most": [.local, .admin, .downstream, .agent]])
        var caller = Caller()
        #expect(policy.decide(method: "/all", caller: caller) == .allow(.anyone))
        #expect(policy.decide(method: "/most", caller: caller) == .deny)
        caller.id = try SPIFFEID("spiffe://example.org/x")
        #expect(policy.decide(method: "/most", caller: caller) == .allowActiveAgent)
        caller.isDownstream = true
        #expect(policy.decide(method: "/most", caller: caller) == .allow(.downstream))
        caller.isAdminByEntry = true
        #expect(policy.decide(method: "/most", caller: caller) == .allow(.adminByEntry))
        caller.isAdminByConfiguration = true
        #expect(policy.decide(method: "/most", caller: caller) == .allow(.adminByConfiguration))
        caller.isLocal = true
        #expect(policy.decide(method: "/most", caller: caller) == .allow(.local))
    }

    @Test func theAllowListAddsToWhatIsGrantedAndTakesNothingAway() throws {
        let (listed, other) = (try SPIFFEID("spiffe://example.org/ci"), try SPIFFEID("spiffe://example.org/x"))
        let policy = AuthorizationPolicy(["/list": .admin, "/write": .admin, "/all": .anyone])
            .allowing([listed: ["/list"]])
        var caller = Caller()
        #expect(policy.decide(method: "/list", caller: caller) == .deny)
        caller.id = other
        #expect(policy.decide(method: "/list", caller: caller) == .deny)
        caller.id = listed
        #expect(policy.decide(method: "/list", caller: caller) == .allow(.allowList))
        #expect(policy.decide(method: "/write", caller: caller) == .deny)
        #expect(policy.decide(method: "/all", caller: caller) == .allow(.anyone))
        caller.isAdminByConfiguration = true
        #expect(policy.decide(method: "/write", caller: caller) == .allow(.adminByConfiguration))
    }

    @Test func whatCanBeAllowedIsWhatAdministratorsMayCall() {
        let policy = AuthorizationPolicy.standard
        let administrators = policy.methods.filter { policy.grants(of: $0).contains(.admin) }
        #expect(OperatorMethod.all.sorted() == administrators)
    }

    @Test func namesTheGroundAsSPIRELogsIt() {
        let grounds: [AuthorizationPolicy.Authorization] = [
            .anyone, .local, .adminByConfiguration, .adminByEntry, .allowList, .downstream, .agent,
        ]
        #expect(grounds.map(\.authorizedAs) == ["nobody", "local", "admin", "admin", "allowed", "downstream", "agent"])
        #expect(
            grounds.map(\.authorizedVia) == ["", "transport", "config", "entries", "config", "entries", "datastore"])
    }
}
