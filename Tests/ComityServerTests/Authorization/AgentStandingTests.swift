// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityServer
import ComityTesting
import Foundation
import SPIFFE
import Testing

@Suite struct AgentStandingTests {
    let node: AttestedNode

    init() throws {
        var node = AttestedNode(
            id: try SPIFFEID("spiffe://example.org/spire/agent/x"), attestationType: "join_token", serialNumber: "7",
            expiresAt: TestTime.future)
        node.newSerialNumber = "8"
        node.newExpiresAt = TestTime.future + 60
        self.node = node
    }

    @Test(arguments: [
        ("7", AgentStanding.active), ("8", .activates), ("9", .refused(.notActive)), ("", .refused(.notActive)),
    ])
    func goesByTheSerial(serial: String, expected: AgentStanding) {
        #expect(standing(node, serial) == expected)
    }

    @Test func refusesTheUnknownTheBannedAndTheExpired() {
        var banned = node
        banned.serialNumber = ""
        #expect(standing(nil, "7") == .refused(.notAttested))
        #expect(standing(banned, "8") == .refused(.banned))
        #expect(standing(banned, "") == .refused(.banned))
        #expect(
            AgentStanding(node: nil, serial: "7", expiresAt: TestTime.now - 1, now: TestTime.now) == .refused(.expired))
    }

    @Test func firstUseOfARenewedCertificateEndsTheOldOne() {
        var node = node
        node.activate(serial: "8")
        #expect(node.serialNumber == "8" && node.expiresAt == TestTime.future + 60)
        #expect(node.newSerialNumber == nil && node.newExpiresAt == nil)
        #expect(standing(node, "7") == .refused(.notActive))
    }

    @Test func activationNeitherLiftsABanNorTakesAnotherSerial() {
        var banned = node
        banned.serialNumber = ""
        banned.activate(serial: "8")
        #expect(banned.isBanned)
        var other = node
        other.activate(serial: "9")
        #expect(other == node)
    }

    private func standing(_ node: AttestedNode?, _ serial: String) -> AgentStanding {
        AgentStanding(node: node, serial: serial, expiresAt: TestTime.future, now: TestTime.now)
    }
}
