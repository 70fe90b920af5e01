// SPDX-License-Identifier: Apache-2.0

import ServerAPIProtos
import SwiftProtobuf
import Testing

@testable import ComityCommands

@Suite struct NodeTextTests {
    private static let agent = Spire_Api_Types_Agent.with {
        $0.id = .with { ($0.trustDomain, $0.path) = ("example.org", "/spire/agent/join_token/a") }
        $0.attestationType = "join_token"
        $0.x509SvidExpiresAt = 1_767_225_600
        $0.x509SvidSerialNumber = "42"
        $0.agentVersion = "1.0"
        $0.selectors = [.with { ($0.type, $0.value) = ("a", "b") }]
    }

    @Test func detailsEndWithSelectors() {
        let expiry = GoTime.local(1_767_225_600)
        #expect(
            NodeText.details(Self.agent) == """
                Found an attested agent given its SPIFFE ID

                SPIFFE ID         : spiffe://example.org/spire/agent/join_token/a
                Attestation type  : join_token
                Expiration time   : \(expiry)
                Serial number     : 42
                Can re-attest     : false
                Agent version     : 1.0

                Selectors         : a:b

                """)
    }

    @Test func bannedAgentHasNoSerialNumber() {
        var agent = Self.agent
        agent.banned = true
        let text = NodeText.list([agent, agent])
        #expect(text.hasPrefix("Found 2 attested agents:\n\nSPIFFE ID         : "))
        #expect(text.contains("Banned            : true\n"))
        #expect(!text.contains("Serial number"))
    }

    @Test func jsonHasTheNamesOfTheProto() {
        #expect(
            AnswerJSON.line([Self.agent.json]) == """
                {"agent_version":"1.0","attestation_type":"join_token","banned":false,"can_reattest":false,\
                "id":{"path":"/spire/agent/join_token/a","trust_domain":"example.org"},\
                "selectors":[{"type":"a","value":"b"}],"x509svid_expires_at":"1767225600","x509svid_serial_number":"42"}

                """)
    }

    @Test func tokenInJSONHasItsExpiry() {
        let token = Spire_Api_Types_JoinToken.with { ($0.value, $0.expiresAt) = ("t", 5) }
        #expect(AnswerJSON.line([token.json]) == "{\"expires_at\":\"5\",\"value\":\"t\"}\n")
    }

    @Test func saysThatThereAreNone() {
        #expect(NodeText.list([]) == "No attested agents found\n")
    }
}
