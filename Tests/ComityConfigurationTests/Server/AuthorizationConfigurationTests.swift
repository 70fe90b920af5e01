// SPDX-License-Identifier: Apache-2.0

import ComityConfiguration
import SPIFFE
import Testing

@Suite struct AuthorizationConfigurationTests {
    private func faults(_ block: String) -> [String] {
        Fixture.serverFaults(Fixture.completeServer(block))
    }

    @Test func readsMethodsByFullAndByShortName() throws {
        let block = """
            authorization {
                allow "spiffe://example.org/ci" {
                    methods = ["Entry/ListEntries", "/spire.api.server.entry.v1.Entry/GetEntry"]
                }
                allow "spiffe://partner.test/auditor" { methods = "Agent/ListAgents" }
            }
            """
        let loaded = try ServerConfiguration.load(
            ConfigurationFile(name: "server.conf", text: Fixture.completeServer(block)))
        #expect(loaded.warnings.isEmpty)
        #expect(
            loaded.configuration.authorization.allowed == [
                try SPIFFEID("spiffe://example.org/ci"): [
                    "/spire.api.server.entry.v1.Entry/ListEntries", "/spire.api.server.entry.v1.Entry/GetEntry",
                ],
                try SPIFFEID("spiffe://partner.test/auditor"): ["/spire.api.server.agent.v1.Agent/ListAgents"],
            ])
    }

    @Test(
        "a fault names the caller, the method and the nearest known one",
        arguments: [
            (#"allow "spiffe://a.test/x" { methods = ["Entry/ListEntris"] }"#, "did you mean Entry/ListEntries?"),
            (
                #"allow "spiffe://a.test/x" { methods = ["/spire.api.server.entry.v1.Entry/LitsEntries"] }"#,
                "did you mean Entry/ListEntries?"
            ),
            (
                #"allow "spiffe://a.test/x" { methods = ["Logger/GetLogger"] }"#,
                "is no method that operators may call over the network"
            ),
            (#"allow "spiffe://a.test/x" {}"#, #"authorization.allow["spiffe://a.test/x"].methods must be configured"#),
            (#"allow "x" { methods = ["Entry/ListEntries"] }"#, #"authorization.allow["x"] is no SPIFFE ID"#),
            (#"alow "spiffe://a.test/x" { methods = [] }"#, "did you mean allow?"),
            (#"allow "spiffe://a.test/x" { method = ["Entry/ListEntries"] }"#, "did you mean methods?"),
        ])
    func namesAFault(block: String, words: String) {
        let faults = faults("authorization { \(block) }")
        #expect(faults.contains { $0.contains(words) }, "\(faults)")
    }

    @Test func aRegoPolicyIsRefusedWithWhatIsHereInstead() {
        let faults = faults(
            #"experimental { auth_opa_policy_engine { local { rego_path = "policy.rego" } } }"#)
        #expect(faults.count == 1)
        for words in ["experimental.auth_opa_policy_engine", "there is no Rego engine here", "authorization { allow"] {
            #expect(faults.first?.contains(words) == true, "\(faults)")
        }
    }
}
