// SPDX-License-Identifier: Apache-2.0

package import ComityAttestation
package import ComityRegistry
import Synchronization

/// Knows a workload by the container that it runs in, of Docker or podman.
package struct DockerWorkloadAttestor: WorkloadAttestor {
    package static let name = "docker"
    private static let maximumUsers = 256

    private let settings: DockerAttestorSettings
    private let processes: ProcessTable
    private let docker: DockerClient
    private let podman: DockerClient
    private let usersPodmen = UsersPodmen()

    package var name: String { Self.name }

    /// - Parameter procRoot: Where the kernel shows processes; elsewhere when the host's are mounted (`HOST_PROC`).
    package init(_ settings: DockerAttestorSettings, procRoot: String = "/proc") {
        self.settings = settings
        processes = ProcessTable(root: procRoot)
        docker = DockerClient(socketPath: settings.socketPath, version: settings.version)
        podman = DockerClient(socketPath: settings.podmanSocketPath, version: settings.version)
    }

    /// The clients of users' own podmen, which remember the version of each.
    private final class UsersPodmen: Sendable {
        let clients = Mutex<[UInt32: DockerClient]>([:])
    }

    package func attest(_ process: WorkloadProcess) async throws -> Set<Selector> {
        let cgroups = try processes.controlGroups(of: process.processID)
        // Outside of containers there is nothing to say, which is no error.
        guard let (id, path) = try settings.locator.container(inCgroups: cgroups), let client = try client(for: path)
        else {
            return []
        }
        let container = try await client.container(id)
        try check(container, id, isAround: path)
        return Set(try container.selectorValues.map { try Selector(type: name, value: $0) })
    }

    /// Users may name the control groups below their own as they like, so that the daemon has to say that this one is the
    /// container's.
    private func check(_ container: DockerContainer, _ id: String, isAround path: String) throws(AttestationError) {
        guard let first = container.processID else {
            throw AttestationError(.unavailable, "container \(id) does not run")
        }
        let own = try settings.locator.container(inCgroups: try processes.controlGroups(of: first))
        guard let own, own.id == id, path == own.path || path.hasPrefix(own.path + "/") else {
            throw AttestationError(
                .permissionDenied, "process is not in the control group of container \(id), whose name it bears")
        }
    }

    // MARK: - Podman

    /// `nil` when the container is a user's and users are not believed.
    private func client(for path: String) throws(AttestationError) -> DockerClient? {
        guard path.contains("libpod-") || path.contains("/libpod/") else { return docker }
        guard let user = Self.user(in: path) else { return podman }
        guard let template = settings.podmanSocketTemplate else { return nil }
        return usersPodmen.clients.withLock { clients in
            if let known = clients[user] { return known }
            let socketPath = template.replacing("%d", with: String(user))
            if clients.count >= Self.maximumUsers { clients.removeAll() }
            let client = DockerClient(socketPath: socketPath, version: settings.version)
            clients[user] = client
            return client
        }
    }

    /// From a component `user-<uid>.slice`.
    private static func user(in path: String) -> UInt32? {
        for component in path.split(separator: "/") where component.hasPrefix("user-") && component.hasSuffix(".slice")
        {
            if let user = UInt32(component.dropFirst("user-".count).dropLast(".slice".count)) { return user }
        }
        return nil
    }
}
