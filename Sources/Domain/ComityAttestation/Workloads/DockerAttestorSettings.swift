// SPDX-License-Identifier: Apache-2.0

/// Where `docker` asks for containers, and how it tells which one a process is in.
package struct DockerAttestorSettings: Hashable, Sendable {
    package static let defaultSocketPath = "/var/run/docker.sock"
    package static let defaultPodmanSocketPath = "/run/podman/podman.sock"

    package var socketPath = defaultSocketPath
    package var podmanSocketPath = defaultPodmanSocketPath
    /// The socket of a user's own podman, with `%d` for the user's ID. `nil` believes no user: the socket is the user's,
    /// who can answer anything.
    package var podmanSocketTemplate: String?
    /// The version of the API; `nil` agrees on one with the daemon.
    package var version: String?
    package var locator = ContainerLocator.anyRuntime

    package init() {}
}
