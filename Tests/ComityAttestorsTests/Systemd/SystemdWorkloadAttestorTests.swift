// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityRegistry
import ComityTesting
import Foundation
import Testing

@testable import ComityAttestors

@Suite(.timeLimit(.minutes(1))) struct SystemdWorkloadAttestorTests {
    @Test func namesTheUnitOfAProcess() async throws {
        let bus = try await MessageBus()
        try bus.startService()
        let attestor = SystemdWorkloadAttestor(busPath: bus.path)

        let selectors = try await attestor.attest(process(Int32(MessageBus.processID)))
        #expect(
            selectors == [
                try Selector("systemd:id:web.service"),
                try Selector("systemd:fragment_path:/etc/systemd/system/web.service"),
            ])
        let error = await #expect(throws: AttestationError.self) { try await attestor.attest(process(1)) }
        #expect(error?.message == "D-Bus: GetUnitByPID: org.freedesktop.systemd1.NoUnitForPID")
    }

    @Test func machineWithoutSystemdOrBusIsAnError() async throws {
        let bus = try await MessageBus()
        let unknown = await #expect(throws: AttestationError.self) {
            try await SystemdWorkloadAttestor(busPath: bus.path).attest(process(1))
        }
        #expect(unknown?.message.contains("org.freedesktop.DBus.Error.ServiceUnknown") == true)
        for path in ["/nowhere/bus", String(repeating: "x", count: 200)] {
            await #expect(throws: AttestationError.self) {
                try await SystemdWorkloadAttestor(busPath: path).attest(process(1))
            }
        }
    }

    @Test func messagesSurviveTheirOwnForm() throws {
        var message = DBusMessage(
            .call, serial: 7, body: [.string("a"), .uint32(9), .variant(.string("b")), .objectPath("/x")])
        message.path = "/a/b"
        message.interface = "i.f"
        message.member = "M"
        message.destination = "d.e"
        message.sender = ":1.5"
        message.replySerial = 3
        message.errorName = "e.r"
        #expect(try DBusMessage(parsing: message.bytes) == message)
        #expect(try DBusMessage.length(ofMessageWith: Array(message.bytes.prefix(16))) == message.bytes.count)

        var random = SeededGenerator(seed: 3)
        for _ in 0..<2000 { _ = try? DBusMessage(parsing: random.mutate(message.bytes)) }
        #expect(throws: AttestationError.self) {
            try DBusMessage.length(ofMessageWith: [0x6C, 2, 0, 1] + [UInt8](repeating: 0xFF, count: 12))
        }
    }

    private func process(_ id: Int32) -> WorkloadProcess {
        WorkloadProcess(processID: id, userID: 1, groupID: 1)
    }
}
