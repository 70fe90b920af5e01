// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation

@testable import ComityAttestors

/// A real `dbus-daemon`, with a service on it that answers as systemd does.
final class MessageBus {
    /// The process that has a unit.
    static let processID: UInt32 = 4711

    private let folder: TemporaryFolder
    private let daemon: RunningProgram

    var path: String { folder.path("bus") }

    init() async throws {
        folder = try TemporaryFolder()
        let configuration = """
            <busconfig>
              <type>session</type>
              <listen>unix:path=\(folder.path("bus"))</listen>
              <auth>EXTERNAL</auth>
              <policy context="default">
                <allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/><allow user="*"/>
              </policy>
            </busconfig>
            """
        try configuration.write(toFile: folder.path("bus.conf"), atomically: true, encoding: .utf8)
        daemon = try RunningProgram(
            "/usr/bin/env",
            ["dbus-daemon", "--config-file=\(folder.path("bus.conf"))", "--nofork", "--print-address=1"],
            in: folder.path, log: folder.path("log"))
        // It prints its address once it listens.
        try await daemon.line("unix:path=")
    }

    /// Answers for systemd until the bus ends.
    func startService() throws {
        let bus = try DBusConnection(path: path, timeout: .seconds(60))
        // 4: do not wait for the name.
        _ = try bus.call(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
            .string("org.freedesktop.systemd1"), .uint32(4))
        let service = Service(bus: bus)
        Thread.detachNewThread { service.run() }
    }

    /// `@unchecked`: handed over to its thread whole.
    private final class Service: @unchecked Sendable {
        private let bus: DBusConnection
        private var serial: UInt32 = 1000

        init(bus: DBusConnection) {
            self.bus = bus
        }

        func run() {
            // Ends with an error when the bus does.
            while let call = try? bus.receive() {
                guard call.kind == .call, let answer = answer(to: call) else { continue }
                serial += 1
                var message = DBusMessage(answer.isEmpty ? .error : .reply, serial: serial, body: answer)
                message.replySerial = call.serial
                message.destination = call.sender
                if answer.isEmpty { message.errorName = "org.freedesktop.systemd1.NoUnitForPID" }
                guard (try? bus.send(message.bytes)) != nil else { return }
            }
        }

        private func answer(to call: DBusMessage) -> [DBusValue]? {
            let unit = "/org/freedesktop/systemd1/unit/web_2eservice"
            switch (call.path, call.interface, call.member) {
            case ("/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager", "GetUnitByPID"):
                return call.body == [.uint32(MessageBus.processID)] ? [.objectPath(unit)] : []
            case (unit, "org.freedesktop.DBus.Properties", "Get"):
                let isID = call.body == [.string("org.freedesktop.systemd1.Unit"), .string("Id")]
                return [.variant(.string(isID ? "web.service" : "/etc/systemd/system/web.service"))]
            default: return nil
            }
        }
    }
}
