// SPDX-License-Identifier: Apache-2.0

package import ComityAttestation
package import ComityRegistry

/// Knows a workload by the systemd unit that it runs in.
package struct SystemdWorkloadAttestor: WorkloadAttestor {
    package static let name = "systemd"
    package static let systemBus = "/var/run/dbus/system_bus_socket"
    private static let timeout = Duration.seconds(5)
    private static let service = "org.freedesktop.systemd1"

    private let busPath: String
    private let work = BlockingWork(label: "comity.attestor.systemd")

    package var name: String { Self.name }

    /// - Parameter busPath: The socket of the system's message bus.
    package init(busPath: String = systemBus) {
        self.busPath = busPath
    }

    package func attest(_ process: WorkloadProcess) async throws -> Set<Selector> {
        let processID = UInt32(bitPattern: process.processID)
        let (id, fragmentPath) = try await work.run { [busPath] in
            try Self.unit(of: processID, busPath: busPath)
        }
        return [
            try Selector(type: name, value: "id:\(id)"),
            try Selector(type: name, value: "fragment_path:\(fragmentPath)"),
        ]
    }

    private static func unit(
        of processID: UInt32, busPath: String
    ) throws(AttestationError) -> (id: String, fragmentPath: String) {
        let bus = try DBusConnection(path: busPath, timeout: timeout)
        let answer = try bus.call(
            service, "/org/freedesktop/systemd1", service + ".Manager", "GetUnitByPID", .uint32(processID))
        guard case .objectPath(let unit)? = answer.first else {
            throw AttestationError(.unavailable, "systemd names no unit of process \(processID)")
        }
        return (try property("Id", of: unit, bus), try property("FragmentPath", of: unit, bus))
    }

    private static func property(
        _ name: String, of unit: String, _ bus: DBusConnection
    ) throws(AttestationError) -> String {
        let answer = try bus.call(
            service, unit, "org.freedesktop.DBus.Properties", "Get", .string(service + ".Unit"), .string(name))
        guard case .variant(.string(let value))? = answer.first else {
            throw AttestationError(.unavailable, "returned value for \(name) was not a string")
        }
        return value
    }
}
